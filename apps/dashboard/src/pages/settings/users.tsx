/** Users: added and removed; their keys go with them. */
import type { UserView } from '@sweep/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client } from '../../data/client.js';
import { usersQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { Picker } from '../../ui/choice.js';
import { FormDialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Time } from '../../ui/value.js';

export function Users() {
  const users = useQuery(usersQuery());
  const [removing, setRemoving] = useState<UserView | null>(null);
  const queries = useQueryClient();
  const columns = useMemo(() => columnsOf(setRemoving), []);
  return (
    <section className="stack-small">
      <NewUser />
      <Loaded query={users} what="users">
        {({ items }) => <Table label="Users" columns={columns} rows={items} />}
      </Loaded>
      <FormDialog
        title={`Remove ${removing?.name ?? ''}?`}
        action="Remove"
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onSubmit={async () => {
          await client.removeUser(removing!.id);
          await queries.invalidateQueries({ queryKey: ['settings'] });
        }}
      >
        <p>Their keys stop working at once. Their sweeps and runs stay. This cannot be taken back.</p>
      </FormDialog>
    </section>
  );
}

function NewUser() {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [role, setRole] = useState('user');
  const queries = useQueryClient();
  const create = async (): Promise<void> => {
    await client.createUser({ name: name.trim(), admin: role === 'admin' });
    await queries.invalidateQueries({ queryKey: ['settings', 'users'] });
    setName('');
  };
  return (
    <div className="row">
      <Button look="primary" onPress={() => setOpen(true)}>
        New user
      </Button>
      <FormDialog title="New user" action="Add" open={open} onClose={() => setOpen(false)} onSubmit={create}>
        <Field
          label="Name"
          value={name}
          onChange={setName}
          hint='Letters, digits, ".", "_" and "-": it is a part of addresses.'
          autoFocus
        />
        <Picker
          label="Role"
          choices={[
            { id: 'user', label: 'user' },
            { id: 'admin', label: 'administrator' },
          ]}
          value={role}
          onChange={setRole}
        />
      </FormDialog>
    </div>
  );
}

const columnsOf = (onRemove: (user: UserView) => void): readonly Column<UserView>[] => [
  { id: 'name', title: 'Name', width: 200, cell: ({ name }) => name },
  { id: 'role', title: 'Role', width: 120, cell: ({ admin }) => (admin ? 'administrator' : 'user') },
  { id: 'created', title: 'Since', width: 110, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'do',
    title: 'Action',
    width: 90,
    cell: (user) => (
      <Button look="danger" aria-label={`Remove ${user.name}`} onPress={() => onRemove(user)}>
        Remove
      </Button>
    ),
  },
];
