/** What the run page makes of what programs logged: hostile and broken content included. */
import { describe, expect, it } from 'vitest';
import { configDiff } from '../compare/config-diff.js';
import { ansiPieces, plainText, shownText } from './ansi-lines.js';
import { chartRequest, definedChart, filledSpec, vegaLiteOf } from './custom-charts.js';
import { keyGroups, matching } from './key-groups.js';
import { lineageOf, lineageOfArtifact } from './lineage.js';
import { boxesIn, classLabels, histogramIn, mediaItems } from './media-values.js';
import { patchLines } from './patch-lines.js';
import { cellText, filteredRows, sortedRows, tableIn, tablePlaces } from './table-rows.js';

describe('sections of metrics', () => {
  it('are what stands before the first slash; those without one come first', () => {
    expect(keyGroups(['val/acc', 'loss', 'train/loss', 'train/b10', 'train/b9', '/odd'])).toEqual([
      { prefix: 'metrics', names: ['/odd', 'loss'] },
      { prefix: 'train', names: ['train/b9', 'train/b10', 'train/loss'] },
      { prefix: 'val', names: ['val/acc'] },
    ]);
  });

  it('are searched by words in any order', () => {
    expect(matching(['train/loss', 'val/loss', 'val/acc'], 'LOSS val')).toEqual(['val/loss']);
    expect(matching(['a'], ' ')).toEqual(['a']);
  });
});

describe('media', () => {
  it('are single pictures with masks and boxes', () => {
    const value = {
      _type: 'image-file',
      path: 'media/images/a.png',
      caption: 'c',
      masks: { truth: { path: 'm.png' } },
      boxes: { net: { path: 'b.json' } },
    };
    expect(mediaItems(value)).toEqual([
      {
        path: 'media/images/a.png',
        caption: 'c',
        classes: null,
        masks: [{ name: 'truth', path: 'm.png' }],
        boxes: [{ name: 'net', source: { path: 'b.json' } }],
      },
    ]);
  });

  it('in tables hold their boxes themselves, and name a file of classes', () => {
    const box = { position: { minX: 0, maxX: 1, minY: 0, maxY: 1 }, class_id: 3 };
    const [item] = mediaItems({ path: 'a.png', classes: { path: 'c.json' }, boxes: { net: [box], odd: 7 } });
    expect(item).toMatchObject({ classes: 'c.json', boxes: [{ name: 'net', source: { list: [box] } }] });
    const labels = classLabels({ class_set: [{ id: 3, name: 'cat' }, null] });
    expect(boxesIn({ box_data: [box], class_labels: labels }, { width: 1, height: 1 })[0]?.label).toBe('cat');
    expect(classLabels('nonsense')).toEqual({});
  });

  it('are several pictures, sounds, films, pages', () => {
    expect(mediaItems({ _type: 'images/separated', filenames: ['a.png', 7, 'b.png'], captions: false }).map(({ path }) => path)).toEqual([
      'a.png',
      'b.png',
    ]);
    expect(mediaItems({ _type: 'audio', audio: [{ path: 'a.wav' }], captions: ['hum'] })[0]).toMatchObject({
      path: 'a.wav',
      caption: 'hum',
    });
    expect(mediaItems({ _type: 'html', html: [{ path: 'a.html' }, null] })).toHaveLength(1);
  });

  it('of a wrong form are nothing', () => {
    for (const value of [null, 7, 'x', [], {}, { path: 7 }, { _type: 'images/separated' }, { _type: 'images/separated', filenames: 'a' }])
      expect(mediaItems(value)).toEqual([]);
  });

  it('have boxes in shares or pixels of the picture, by corners or by middle', () => {
    const document = {
      class_labels: { 1: 'cat' },
      box_data: [
        { position: { minX: 0.1, maxX: 0.3, minY: 0.2, maxY: 0.4 }, class_id: 1 },
        { position: { middle: [50, 50], width: 20, height: 10 }, domain: 'pixel', box_caption: '<b>dog</b>', class_id: 2 },
        { position: { middle: ['a'] } },
        null,
      ],
    };
    const [first, second, ...rest] = boxesIn(document, { width: 100, height: 100 });
    expect(first).toMatchObject({ left: 0.1, top: 0.2, label: 'cat' });
    expect(first!.width).toBeCloseTo(0.2);
    expect(second).toEqual({ left: 0.4, top: 0.45, width: 0.2, height: 0.1, label: '<b>dog</b>', classId: 2 });
    expect(rest).toEqual([]);
    expect(boxesIn('nonsense', { width: 1, height: 1 })).toEqual([]);
  });

  it('are histograms with their edges or with packed ones', () => {
    expect(histogramIn({ values: [1, 2], bins: [0, 1, 2] }, 5)).toEqual({ step: 5, counts: [1, 2], edges: [0, 1, 2] });
    expect(histogramIn({ values: [1, 2], packedBins: { min: 10, size: 5, count: 2 } }, 0)?.edges).toEqual([10, 15, 20]);
    for (const broken of [
      {},
      { values: [1], bins: [0] },
      { values: 'x', bins: [] },
      { values: [1], packedBins: { min: 0, size: 1, count: 1e12 } },
      null,
    ])
      expect(histogramIn(broken, 0)).toBeNull();
  });
});

describe('a table', () => {
  const table = tableIn([
    {
      columns: ['name', 'score'],
      data: [
        ['b', 2],
        ['<img src=x onerror=alert(1)>', null],
        ['a10', 10],
        'no row',
        ['a9', 'NaN'],
        [{ _type: 'image-file', path: 'media/x.png' }, 1],
      ],
    },
  ])!;

  it('keeps cells as values', () => {
    expect(table.rows).toHaveLength(5);
    expect(cellText(table.rows[1]!.cells[0])).toBe('<img src=x onerror=alert(1)>');
    expect(cellText(table.rows[4]!.cells[0])).toBe('x.png');
  });

  it('is sorted by size or letters, what is missing last either way', () => {
    const order = (column: number, descending: boolean) => sortedRows(table.rows, column, descending).map(({ id }) => id);
    expect(order(1, false)).toEqual(['4', '0', '2', '3', '1']);
    expect(order(1, true)).toEqual(['3', '2', '0', '4', '1']);
    expect(order(0, false)).toEqual(['1', '3', '2', '0', '4']);
  });

  it('is filtered by words in any cell', () => {
    expect(filteredRows(table.rows, 'A1 10').map(({ id }) => id)).toEqual(['2']);
    expect(filteredRows(table.rows, '')).toBe(table.rows);
  });

  it('is none where the file holds something else', () => {
    for (const document of [null, [], {}, { columns: [] }, { columns: 'x', data: [] }]) expect(tableIn([document])).toBeNull();
    expect(tableIn([])).toBeNull();
  });

  it('that was logged in parts is one', () => {
    const part = (name: string) => ({ columns: ['name'], data: [[name]] });
    expect(tableIn([part('a'), null, part('b')])?.rows).toEqual([
      { id: '0', cells: ['a'] },
      { id: '1', cells: ['b'] },
    ]);
  });

  it('has dates where its file says that a column holds them', () => {
    const type = (wb_type: string) => ({ wb_type });
    const optional = { wb_type: 'union', params: { allowed_types: [type('none'), type('timestamp')] } };
    const types = {
      wb_type: 'typedDict',
      params: { type_map: { at: optional, n: type('number'), mixed: { params: { allowed_types: [type('number'), type('timestamp')] } } } },
    };
    const at = new Date(2026, 2, 5, 14, 7, 9).getTime();
    const dated = tableIn([
      {
        columns: ['at', 'n', 'mixed', 'toString'],
        data: [
          [at, at, at, at],
          [null, 1, 2, 3],
        ],
        column_types: types,
      },
    ]);
    expect(dated?.rows.map(({ cells }) => cells)).toEqual([
      ['2026-03-05 14:07:09', at, at, at],
      [null, 1, 2, 3],
    ]);
  });

  it('is read in its artifact, and else where its run keeps it', () => {
    const own = { home: { of: 'run', id: 'r1' }, path: 'media/table/a.table.json' };
    const value = { _type: 'table-file', path: own.path };
    expect(tablePlaces('r1', value)).toEqual([own]);
    expect(tablePlaces('r1', { ...value, artifact_path: 'wandb-client-artifact://abc/seen/a.table.json' })).toEqual([
      { home: { of: 'artifact', id: 'abc' }, path: 'seen/a.table.json' },
      own,
    ]);
    const hex = Buffer.from('Artifact:x9').toString('hex');
    expect(tablePlaces('r1', { artifact_path: `wandb-artifact://${hex}/a.table.json` })).toEqual([
      { home: { of: 'artifact', id: 'x9' }, path: 'a.table.json' },
    ]);
    for (const artifact_path of [
      7,
      null,
      'https://elsewhere/x',
      'wandb-artifact://zz/x',
      'wandb-client-artifact://abc',
      'wandb-client-artifact://abc:latest/x',
    ])
      expect(tablePlaces('r1', { ...value, artifact_path })).toEqual([own]);
  });
});

describe('a line of the console', () => {
  it('keeps colours as names of looks', () => {
    expect(ansiPieces('a \u001b[1;31mred\u001b[0m b')).toEqual([
      { text: 'a ', looks: [] },
      { text: 'red', looks: ['ansi-red', 'bold'] },
      { text: ' b', looks: [] },
    ]);
  });

  it('is what a terminal would show after it was written over', () => {
    expect(shownText('10 %\r50 %\r100 %\r')).toBe('100 %');
  });

  it('does nothing but show text', () => {
    expect(plainText('\u001b]8;;http://evil\u0007click\u001b]8;;\u0007')).toBe('click');
    expect(plainText('\u001b]0;title\u0007x\u001b[2J\u001b[10;10Hy\u001b(B\u0007')).toBe('xy');
    expect(plainText('a\u202eb\u0000c')).toBe('abc');
    expect(plainText('cut off \u001b[3')).not.toContain('\u001b');
    expect(ansiPieces('<script>alert(1)</script>')).toEqual([{ text: '<script>alert(1)</script>', looks: [] }]);
  });
});

describe('a chart of wandb.plot', () => {
  const panel = {
    panel_type: 'Vega2',
    panel_config: {
      panelDefId: 'wandb/bar/v0',
      fieldSettings: { label: 'name', value: 'a.b[0]' },
      stringSettings: { title: 'Bars' },
      userQuery: {
        queryFields: [{ name: 'runSets', fields: [{ name: 'summaryTable', args: [{ name: 'tableKey', value: 'tables/bars_table' }] }] }],
      },
    },
  };

  it('says which table it draws and how', () => {
    const request = chartRequest('bars', panel)!;
    expect(request).toMatchObject({ table: 'tables/bars_table', preset: 'wandb/bar/v0', texts: { title: 'Bars' } });
    expect(vegaLiteOf(request)).toMatchObject({ mark: 'bar', encoding: { x: { field: 'a\\.b\\[0\\]', type: 'quantitative' } } });
  });

  it('leaves out what the program did not name', () => {
    expect(vegaLiteOf({ preset: 'wandb/line/v0', fields: { x: 'x', y: 'y' }, texts: {} })).toEqual({
      mark: 'line',
      encoding: { x: { field: 'x', type: 'quantitative', title: 'x' }, y: { field: 'y', type: 'quantitative', title: 'y' } },
    });
  });

  it('may be one that somebody defined, with places for what the run names', () => {
    expect(definedChart('ada/mine')).toEqual({ entity: 'ada', name: 'mine' });
    for (const preset of ['wandb/bar/v0', 'wandb/bar', 'mine', 'ada/mine/v3', '']) expect(definedChart(preset), preset).toBeNull();
    const spec = { title: '${string:title}', mark: 'bar', x: [{ field: '${field:x}' }, 3], y: '${field:gone}-${string:unit:m}' };
    expect(filledSpec(spec, { fields: { x: 'a.b' }, texts: { title: 'T' } })).toEqual({
      ...{ title: 'T', mark: 'bar', x: [{ field: 'a.b' }, 3], y: '-m' },
    });
  });

  it('is none where it is not one', () => {
    expect(chartRequest('x', { panel_config: {} })).toBeNull();
    expect(chartRequest('x', null)).toBeNull();
    expect(vegaLiteOf({ preset: 'ada/mine/v3', fields: {}, texts: {} })).toBeNull();
    expect(vegaLiteOf({ preset: '__proto__', fields: {}, texts: {} })).toBeNull();
  });
});

it('a diff is read line by line', () => {
  expect(patchLines('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n').map(({ kind }) => kind)).toEqual([
    'file',
    'file',
    'place',
    'removed',
    'added',
    'same',
  ]);
});

it('lineage leads from makers over what was used to what was made and its users', () => {
  const artifact = (collection: string, producedBy: string, ...usedBy: readonly string[]) => ({
    ...{ id: `${collection}:v0`, project: 'a/b', type: 'data', collection, version: 'v0', producedBy, usedBy: [...usedBy] },
    runs: [{ id: 'maker', name: 'make it', path: 'a/b/maker' }],
  });
  const inputs = [artifact('data', 'maker', 'r'), artifact('more', 'maker')];
  const { nodes, edges, columns, rows } = lineageOf('r', inputs, [artifact('model', 'r', 'user', 'r')]);
  expect([columns, rows]).toEqual([5, 2]);
  expect(nodes.find(({ id }) => id === 'run:r')).toMatchObject({ column: 2, row: 0 });
  expect(nodes.filter(({ id }) => id === 'run:maker')).toHaveLength(1);
  expect(edges).toContainEqual(['run:maker', 'more:v0']);
  expect(nodes.find(({ id }) => id === 'run:maker')).toMatchObject({ label: 'make it', to: '/a/b/runs/maker' });
  expect(nodes.find(({ id }) => id === 'run:user')).toMatchObject({ label: 'user', to: null });
  expect(nodes.find(({ id }) => id === 'model:v0')).toMatchObject({ to: '/a/b/artifacts/data/model/v0' });
  expect(lineageOf('r', [], []).nodes).toHaveLength(1);
  const own = lineageOfArtifact(artifact('model', 'r', 'user'));
  expect(own.nodes.map(({ id, column }) => [id, column])).toEqual([
    ['run:r', 0],
    ['model:v0', 1],
    ['run:user', 2],
  ]);
  expect(lineageOfArtifact({ ...artifact('model', 'r'), producedBy: null })).toMatchObject({ columns: 1, rows: 1, edges: [] });
});

it('configurations are compared by their flattened names, differences first', () => {
  expect(
    configDiff([
      { a: 1, b: { c: 'x' }, same: [1] },
      { a: 2, b: {}, same: [1] },
    ]),
  ).toEqual([
    { id: 'a', values: [1, 2], differs: true },
    { id: 'b.c', values: ['x', undefined], differs: true },
    { id: 'same', values: [[1], [1]], differs: false },
  ]);
});
