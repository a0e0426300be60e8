/** A picture with its masks and boxes laid over it, each of which can be taken away. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePalette } from '../../charts/drawing/palette.js';
import { colourAt, type Theme } from '../../charts/maths/colours.js';
import { documentQuery, type FileHome, shownAddress } from '../../data/file-queries.js';
import { type BoxLayer, boxesIn, classLabels, type MaskLayer, type MediaItem } from './media-values.js';

type Size = { readonly width: number; readonly height: number };

export function ImageView({ home, item, label }: { readonly home: FileHome; readonly item: MediaItem; readonly label: string }): ReactNode {
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
          src={shownAddress(home, item.path)}
          alt={label}
          loading="lazy"
          onLoad={({ currentTarget }) => setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })}
        />
        {size !== null &&
          layers
            .filter((layer) => !hidden.includes(keyOf(layer)))
            .map((layer) =>
              layer.kind === 'mask' ? (
                <Mask key={keyOf(layer)} home={home} layer={layer} />
              ) : (
                <Boxes key={keyOf(layer)} home={home} layer={layer} size={size} classes={item.classes} />
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

interface BoxesProps {
  readonly home: FileHome;
  readonly layer: BoxLayer;
  readonly size: Size;
  readonly classes: string | null;
}

function Boxes({ home, layer: { source }, size, classes }: BoxesProps): ReactNode {
  const { theme } = usePalette();
  // Boxes that have no document of their own leave it to the picture what their classes are called.
  const path = 'path' in source ? source.path : classes;
  const query = useQuery({ ...documentQuery(home, path ?? ''), enabled: path !== null });
  const document = 'path' in source ? query.data : { box_data: source.list, class_labels: classLabels(query.data) };
  return boxesIn(document, size).map(({ left, top, width, height, label, classId }, i) => (
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
function Mask({ home, layer }: { readonly home: FileHome; readonly layer: MaskLayer }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = usePalette();
  useEffect(() => {
    const image = new Image();
    image.onload = () => {
      if (canvas.current !== null) drawMask(canvas.current, image, theme);
    };
    image.src = shownAddress(home, layer.path);
    return () => {
      image.onload = null;
    };
  }, [home, layer.path, theme]);
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
