/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/panels.js';
import { useNamedPage } from './page-name.js';

export function NoSuchPage() {
  useNamedPage('No such page');
  return (
    <Empty title="No such page">
      There is nothing at this address. All sweeps are <Link to="/">here</Link>.
    </Empty>
  );
}
