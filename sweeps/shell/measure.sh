#!/bin/sh
# Pretends to measure how fast a program is with some threads and some block size. It knows nothing of sweeps: it prints lines.
# By hand: sh sweeps/shell/measure.sh -t4 -b16
set -eu
threads=4
block=16
while getopts t:b: flag; do
  case $flag in
    t) threads=$OPTARG ;;
    b) block=$OPTARG ;;
    *) exit 2 ;;
  esac
done
round=1
while [ "$round" -le 3 ]; do
  # Best at 6 threads and blocks of 32; later rounds are warmer and so a little faster.
  off=$(((threads - 6) * (threads - 6) * 40 + (block - 32) * (block - 32)))
  echo "round $round/3: throughput=$((2000 - off + round * 5)) MB/s (threads=$threads, block=$block)"
  round=$((round + 1))
done
