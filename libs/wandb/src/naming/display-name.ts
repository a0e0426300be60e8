/** Names for runs that their programs did not name: "sunny-lake-2". */

const adjectives =
  `amber ancient autumn azure bold brave bright brisk calm clear clever copper cosmic crimson crisp daring dashing deep distant
  dry eager earnest easy fair faithful fancy fearless fine fresh frosty gentle gilded glad glowing golden graceful grand happy hardy hidden
  honest icy jolly keen kind lively lucky mellow misty noble northern olive pleasant polar proud quiet rapid rosy royal rustic sandy scarlet
  serene silent silver smooth snowy soft solar spring stellar still sunny swift tidy upbeat vast vivid warm wild winter wise young zesty`.split(
    /\s+/,
  );

const nouns =
  `aurora bay bird blaze breeze brook butterfly canyon cliff cloud comet coral cosmos creek dawn delta desert dew dream dune dust eagle
  ember falcon feather fern field fire firefly fjord flower fog forest fox frost galaxy garden glacier glade grass grove harbor haze hill
  island lake leaf light meadow mist moon morning mountain night oak oasis ocean orbit paper peak pine planet plateau pond prairie puddle
  rain reef resonance ridge river rock sea shadow shape sky snow sound spark star stone storm stream summit sun sunset surf terrain tree
  valley violet voice water wave wildflower wind wood`.split(/\s+/);

/** @param random two numbers in [0, 1). @param ordinal the how-manieth run of its project this is. */
export function displayName(random: readonly [number, number], ordinal: number): string {
  return `${pick(adjectives, random[0])}-${pick(nouns, random[1])}-${ordinal}`;
}

function pick(words: readonly string[], random: number): string {
  return words[Math.min(words.length - 1, Math.max(0, Math.floor(random * words.length)))] ?? '';
}
