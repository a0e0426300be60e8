/** The way to every page. A bar at the bottom where the window is narrow. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

const places = [
  { to: '/', label: 'Sweeps' },
  { to: '/projects', label: 'Projects' },
  { to: '/runs', label: 'Runs' },
  { to: '/agents', label: 'Agents' },
  { to: '/queue', label: 'Queue' },
  { to: '/settings', label: 'Settings' },
];

const remembered = 'sweep-rail';

export function Rail() {
  const [closed, setClosed] = useState(() => localStorage.getItem(remembered) === 'closed');
  const toggle = (): void => {
    localStorage.setItem(remembered, closed ? 'open' : 'closed');
    setClosed(!closed);
  };
  return (
    <nav className={closed ? 'rail rail-closed' : 'rail'} aria-label="Pages">
      <div className="rail-head">
        <Link to="/" className="rail-name">
          Sweep
        </Link>
        <button
          type="button"
          className="rail-toggle"
          onClick={toggle}
          aria-expanded={!closed}
          aria-label={closed ? 'Show the pages' : 'Hide the pages'}
        >
          {closed ? '»' : '«'}
        </button>
      </div>
      <ul>
        {places.map(({ to, label }) => (
          <li key={to}>
            <Link to={to} className="rail-link" activeOptions={{ exact: true, includeSearch: false }}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
