/** API keys: made, shown once, revoked. */
import type { KeyView } from '@sweep/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client } from '../../data/client.js';
import { keysQuery, usersQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { Picker } from '../../ui/choice.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Missing, Time } from '../../ui/value.js';
import { Secret } from './secret.js';

type Scope = 'admin' | 'user' | 'agent';

const scopes: readonly { readonly id: Scope; readonly label: string }[] = [
  { id: 'user', label: 'user: a person or a script' },
  { id: 'agent', label: 'agent: a machine that runs trials' },
  { id: 'admin', label: 'admin: keys and users too' },
];
const day = 86_400;

export function Keys() {
  const keys = useQuery(keysQuery());
  const users = useQuery(usersQuery());
  const [revoking, setRevoking] = useState<KeyView | null>(null);
  const queries = useQueryClient();
  const names = useMemo(() => new Map((users.data?.items ?? []).map(({ id, name }) => [id, name])), [users.data]);
  const columns = useMemo(() => columnsOf(names, setRevoking), [names]);
  return (
    <section className="stack-small">
      <NewKey users={[...names.values()]} />
      <Loaded query={keys} what="keys">
        {({ items }) => <Table label="API keys" columns={columns} rows={items.filter(({ revokedAt }) => revokedAt === null)} />}
      </Loaded>
      <FormDialog
        title={`Revoke the key "${revoking?.name ?? ''}"?`}
        action="Revoke"
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        onSubmit={async () => {
          await client.revokeKey(revoking!.id);
          await queries.invalidateQueries({ queryKey: ['settings', 'keys'] });
        }}
      >
        <p>Whoever uses it is locked out within seconds. This cannot be taken back.</p>
      </FormDialog>
    </section>
  );
}

function NewKey({ users }: { readonly users: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('user');
  const [user, setUser] = useState('');
  const [days, setDays] = useState('');
  const queries = useQueryClient();
  const create = async (): Promise<void> => {
    const lasts = days.trim() === '' ? {} : { expiresInSeconds: Math.round(Number(days) * day) };
    const made = await client.createKey({ name: name.trim(), scope, ...lasts, ...(user === '' ? {} : { user }) });
    await queries.invalidateQueries({ queryKey: ['settings', 'keys'] });
    setSecret(made.secret ?? null);
    setName('');
  };
  return (
    <div className="row">
      <Button look="primary" onPress={() => setOpen(true)}>
        New key
      </Button>
      <FormDialog title="New key" action="Make it" open={open} onClose={() => setOpen(false)} onSubmit={create}>
        <Field label="Name" value={name} onChange={setName} hint="So that you know it again: laptop, gpu-box-3." autoFocus />
        <Picker label="Scope" choices={scopes} value={scope} onChange={(id) => setScope(id as Scope)} />
        <Picker
          label="Owner"
          choices={[{ id: '', label: 'me' }, ...users.map((one) => ({ id: one, label: one }))]}
          value={user}
          onChange={setUser}
        />
        <Field label="Expires after, in days" value={days} onChange={setDays} type="number" hint="Empty: never." />
      </FormDialog>
      <Secret title="The new key" secret={secret} onClose={() => setSecret(null)} />
    </div>
  );
}

const columnsOf = (names: ReadonlyMap<string, string>, onRevoke: (key: KeyView) => void): readonly Column<KeyView>[] => [
  { id: 'name', title: 'Name', width: 200, cell: ({ name }) => <span title={name}>{name}</span> },
  { id: 'scope', title: 'Scope', width: 80, cell: ({ scope }) => scope },
  { id: 'owner', title: 'Owner', width: 120, cell: ({ user }) => names.get(user) ?? user },
  { id: 'created', title: 'Made', width: 110, cell: ({ createdAt }) => <Time at={createdAt} /> },
  { id: 'expires', title: 'Expires', width: 110, cell: ({ expiresAt }) => (expiresAt === null ? <Missing /> : <Time at={expiresAt} />) },
  {
    id: 'do',
    title: 'Action',
    width: 90,
    cell: (key) => (
      <Button look="danger" aria-label={`Revoke ${key.name}`} onPress={() => onRevoke(key)}>
        Revoke
      </Button>
    ),
  },
];
