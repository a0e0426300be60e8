/** Settings: who one is, who may come in, and how much room everything takes. */
import { useSession, useSignOut } from '../../data/session.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Button } from '../../ui/button.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Tabs } from '../../ui/tabs.js';
import { attempt } from '../../ui/toast.js';
import { Keys } from './keys.js';
import { Storage } from './storage.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';

const tabs = [
  { id: 'keys', label: 'Keys' },
  { id: 'users', label: 'Users' },
  { id: 'tokens', label: 'Join tokens' },
  { id: 'storage', label: 'Storage' },
] as const;

export default function Settings() {
  useNamedPage('Settings');
  const session = useSession();
  const signOut = useSignOut();
  const [{ tab = 'keys' }] = useParamsInAddress();
  return (
    <Loaded query={session} what="who is signed in">
      {({ user, scope, key }) => (
        <div className="stack">
          <header className="row">
            <div>
              <h1>Settings</h1>
              <p className="answer">
                Signed in as {user.name} with the key "{key.name}"{scope === 'admin' ? ', an administrator' : ''}.
              </p>
            </div>
            <span className="push" />
            <Button onPress={() => void attempt(signOut)}>Sign out</Button>
          </header>
          <Tabs label="Settings" tabs={tabs} current={tab} />
          {tab !== 'storage' && !(scope === 'admin' && user.admin) ? (
            <Empty title="For administrators">Sign in with a key of scope admin, or ask one of them.</Empty>
          ) : (
            <Part tab={tab} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function Part({ tab }: { readonly tab: string }) {
  switch (tab) {
    case 'users':
      return <Users />;
    case 'tokens':
      return <Tokens />;
    case 'storage':
      return <Storage />;
    default:
      return <Keys />;
  }
}
