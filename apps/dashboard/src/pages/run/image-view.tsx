/** A picture with its masks and boxes laid over it, each of which can be taken away. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePalette } from '../../charts/drawing/palette.js';
import { colourAt, type Theme } from '../../charts/maths/colours.js';
import { documentQuery, fileAddress } from '../../data/run-queries.js';
import { boxesIn, type Layer, type MediaItem } from './media-values.js';

type Size = { readonly width: number; readonly height: number };

export function ImageView({ run, item, label }: { readonly run: string; readonly item: MediaItem; readonly label: string }): ReactNode {
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [size, setSize] = useState<Size | null>(null);
  const layers = [
    ...item.masks.map((layer) => ({ ...layer, kind: 'mask' as const })),
    ...item.boxes.map((layer) => ({ ...layer, kind: 'boxes' as const })),
  ];
  const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }) => `${kind} ${name}`;
  return (
    <>
      <div className="image-view">
        <img
          src={fileAddress(run, item.path)}
          alt={label}
          loading="lazy"
          onLoad={({ currentTarget }) => setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })}
        />
        {size !== null &&
          layers
            .filter((layer) => !hidden.includes(keyOf(layer)))
            .map((layer) =>
              layer.kind === 'mask' ? (
                <MaskLayer key={keyOf(layer)} run={run} layer={layer} />
              ) : (
                <BoxLayer key={keyOf(layer)} run={run} layer={layer} size={size} />
              ),
            )}
      </div>
      {layers.length > 0 && (
        <div className="image-layers">
          {layers.map((layer) => {
            const key = keyOf(layer);
            return (
              <label key={key} className="choice">
                <input
                  type="checkbox"
                  checked={!hidden.includes(key)}
                  onChange={() => setHidden(hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key])}
                />
                {key}
              </label>
            );
          })}
        </div>
      )}
    </>
  );
}

function BoxLayer({ run, layer, size }: { readonly run: string; readonly layer: Layer; readonly size: Size }): ReactNode {
  const { theme } = usePalette();
  const query = useQuery(documentQuery(run, layer.path));
  return boxesIn(query.data, size).map(({ left, top, width, height, label, classId }, i) => (
    <span
      key={`${i} ${label}`}
      className="image-box"
      style={{
        left: percent(left),
        top: percent(top),
        width: percent(width),
        height: percent(height),
        borderColor: colourAt(classId, theme),
      }}
    >
      <span style={{ borderColor: colourAt(classId, theme) }}>{label}</span>
    </span>
  ));
}

const percent = (share: number): string => `${share * 100}%`;

/** The grey of each pixel of a mask's file is the number of its class; 0 is nothing. */
function MaskLayer({ run, layer }: { readonly run: string; readonly layer: Layer }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = usePalette();
  useEffect(() => {
    const image = new Image();
    image.onload = () => {
      if (canvas.current !== null) drawMask(canvas.current, image, theme);
    };
    image.src = fileAddress(run, layer.path);
    return () => {
      image.onload = null;
    };
  }, [run, layer.path, theme]);
  return <canvas ref={canvas} className="image-mask" />;
}

function drawMask(canvas: HTMLCanvasElement, image: HTMLImageElement, theme: Theme): void {
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = pixels;
  const colours = Array.from({ length: 256 }, (_, i) => [1, 3, 5].map((at) => Number.parseInt(colourAt(i, theme).slice(at, at + 2), 16)));
  for (let i = 0; i < data.length; i += 4) {
    const of = data[i]!;
    const [r = 0, g = 0, b = 0] = colours[of]!;
    data.set([r, g, b, of === 0 ? 0 : 140], i);
  }
  context.putImageData(pixels, 0, 0);
}
