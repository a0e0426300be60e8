/**
 * What a program logged beside numbers, from the objects in its history (https://docs.wandb.ai/ref/python/data-types): pictures with
 * masks and boxes, sounds, films, pages, histograms. Nothing in them is trusted: what has not the form that it should have is left out.
 */
import type { StepHistogram } from '../../charts/chart-data.js';

type Raw = Readonly<Record<string, unknown>>;

export interface MediaItem {
  readonly path: string;
  readonly caption: string | null;
  /** File of what the classes are called; null where each layer says so. */
  readonly classes: string | null;
  readonly masks: readonly MaskLayer[];
  readonly boxes: readonly BoxLayer[];
}

/** A picture of class numbers. */
export interface MaskLayer {
  readonly name: string;
  readonly path: string;
}

/** A document of its own, or in tables the boxes themselves. */
export interface BoxLayer {
  readonly name: string;
  readonly source: { readonly path: string } | { readonly list: readonly unknown[] };
}

export type MediaKind = 'image' | 'audio' | 'video' | 'html' | 'other';

const kinds: Readonly<Record<string, MediaKind>> = {
  'image-file': 'image',
  'images/separated': 'image',
  'audio-file': 'audio',
  audio: 'audio',
  'video-file': 'video',
  videos: 'video',
  'html-file': 'html',
  html: 'html',
  'object3D-file': 'other',
  'molecule-file': 'other',
  'bokeh-file': 'other',
  'plotly-file': 'other',
  'graph-file': 'other',
};

/** Null for what is no file to look at: tables, histograms. */
export const mediaKind = (type: string): MediaKind | null => kinds[type] ?? null;

export const tableTypes: ReadonlySet<string> = new Set(['table-file', 'incremental-table-file', 'joined-table', 'partitioned-table']);

export function mediaItems(value: unknown): readonly MediaItem[] {
  if (!isObject(value)) return [];
  if (value['_type'] === 'images/separated') return separated(value);
  const several = listOf(value['audio']) ?? listOf(value['videos']) ?? listOf(value['html']);
  const captions = listOf(value['captions']) ?? [];
  if (several === null) return itemOf(value, null);
  return several.flatMap((one, i) => (isObject(one) ? itemOf(one, textOf(captions[i])) : []));
}

function itemOf(value: Raw, caption: string | null): readonly MediaItem[] {
  const path = textOf(value['path']);
  if (path === null) return [];
  const classes = isObject(value['classes']) ? textOf(value['classes']['path']) : null;
  return [{ path, caption: caption ?? textOf(value['caption']), classes, masks: masksOf(value['masks']), boxes: boxesOf(value['boxes']) }];
}

function separated(value: Raw): readonly MediaItem[] {
  const captions = listOf(value['captions']) ?? [];
  const masks = listOf(value['all_masks']) ?? [];
  const boxes = listOf(value['all_boxes']) ?? [];
  return (listOf(value['filenames']) ?? []).flatMap((file, i) =>
    typeof file === 'string'
      ? [{ path: file, caption: textOf(captions[i]), classes: null, masks: masksOf(masks[i]), boxes: boxesOf(boxes[i]) }]
      : [],
  );
}

const layersIn = (value: unknown): readonly (readonly [string, unknown])[] => (isObject(value) ? Object.entries(value) : []);
const pathIn = (layer: unknown): string | null => (isObject(layer) ? textOf(layer['path']) : null);

const masksOf = (value: unknown): readonly MaskLayer[] =>
  layersIn(value).flatMap(([name, layer]) => {
    const path = pathIn(layer);
    return path === null ? [] : [{ name, path }];
  });

const boxesOf = (value: unknown): readonly BoxLayer[] =>
  layersIn(value).flatMap(([name, layer]): readonly BoxLayer[] => {
    const path = pathIn(layer);
    if (Array.isArray(layer)) return [{ name, source: { list: layer } }];
    return path === null ? [] : [{ name, source: { path } }];
  });

/** Number → name, as documents of boxes have it, from a file of classes. */
export function classLabels(document: unknown): Readonly<Record<string, unknown>> {
  const classes = isObject(document) ? (listOf(document['class_set']) ?? []) : [];
  return Object.fromEntries(classes.flatMap((one) => (isObject(one) ? [[String(one['id']), one['name']]] : [])));
}

/** Shares of the picture, 0 … 1. */
export interface ImageBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly classId: number;
}

/** @param size of the picture, for boxes that are given in its pixels */
export function boxesIn(document: unknown, size: { readonly width: number; readonly height: number }): readonly ImageBox[] {
  const labels = isObject(document) && isObject(document['class_labels']) ? document['class_labels'] : {};
  const list = isObject(document) ? (listOf(document['box_data']) ?? []) : [];
  return list.flatMap((box) => {
    const place = isObject(box) ? placeOf(box['position']) : null;
    if (!isObject(box) || place === null) return [];
    const [x, y] = box['domain'] === 'pixel' ? [size.width, size.height] : [1, 1];
    const classId = numberOf(box['class_id']) ?? 0;
    const label = textOf(box['box_caption']) ?? textOf(labels[String(classId)]) ?? String(classId);
    return [{ left: place.left / x, top: place.top / y, width: place.width / x, height: place.height / y, label, classId }];
  });
}

function placeOf(position: unknown) {
  if (!isObject(position)) return null;
  const [minX, maxX, minY, maxY] = ['minX', 'maxX', 'minY', 'maxY'].map((name) => numberOf(position[name]));
  if (minX != null && maxX != null && minY != null && maxY != null)
    return { left: minX, top: minY, width: maxX - minX, height: maxY - minY };
  const [x, y] = (listOf(position['middle']) ?? []).map(numberOf);
  const [width, height] = [numberOf(position['width']), numberOf(position['height'])];
  if (x == null || y == null || width == null || height == null) return null;
  return { left: x - width / 2, top: y - height / 2, width, height };
}

export function histogramIn(value: unknown, step: number): StepHistogram | null {
  if (!isObject(value)) return null;
  const counts = numbersIn(value['values']);
  const edges = numbersIn(value['bins']) ?? unpacked(value['packedBins']);
  return counts !== null && edges !== null && counts.length > 0 && edges.length === counts.length + 1 ? { step, counts, edges } : null;
}

/** `count` counts the bins. */
function unpacked(packed: unknown): readonly number[] | null {
  if (!isObject(packed)) return null;
  const [min, size, count] = [numberOf(packed['min']), numberOf(packed['size']), numberOf(packed['count'])];
  if (min === null || size === null || count === null || count < 1 || count > 100_000) return null;
  return Array.from({ length: Math.floor(count) + 1 }, (_, i) => min + i * size);
}

export const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const numbersIn = (value: unknown): readonly number[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'number') ? (value as readonly number[]) : null;
