/** Parts of one page. Each is an address, so a tab is a link. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

export interface Tab {
  readonly id: string;
  readonly label: string;
}

export function Tabs({ label, tabs, current }: { readonly label: string; readonly tabs: readonly Tab[]; readonly current: string }) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the window is narrow the list scrolls, and the tab that is open must be seen.
    const open = list.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (open) list.current!.scrollLeft = open.offsetLeft - (list.current!.clientWidth - open.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={list} className="tabs" aria-label={label}>
      {tabs.map(({ id, label: text }) => (
        <Link
          key={id}
          to="."
          // The selection goes along; what only one part shows does not.
          search={((before: Record<string, unknown>) => ({ tab: id, trial: before['trial'] })) as never}
          className="tab"
          activeProps={{}}
          aria-current={id === current ? 'page' : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
