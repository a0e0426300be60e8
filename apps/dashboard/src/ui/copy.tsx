/** Text to be copied with one click: commands, keys, ids. */
import { useState } from 'react';
import { Button } from './button.js';
import { complain } from './toast.js';

const thanksMs = 1_500;

export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      const clipboard = navigator.clipboard as Clipboard | undefined;
      if (clipboard === undefined) throw new Error('This browser lets pages copy only over https: select the text instead.');
      await clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), thanksMs);
    } catch (error) {
      // Browsers refuse without permission too.
      complain(error);
    }
  };
  return (
    <div className="copyable">
      <pre>{text}</pre>
      <Button look="quiet" aria-label={`Copy ${label}`} onPress={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
