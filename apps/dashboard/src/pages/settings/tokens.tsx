/** Join tokens: each lets one machine in, once. */
import type { JoinTokenView } from '@sweep/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { client } from '../../data/client.js';
import { serverQuery, tokensQuery } from '../../data/queries.js';
import { Button } from '../../ui/button.js';
import { Copyable } from '../../ui/copy.js';
import { useNow } from '../../ui/now.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { attempt, say } from '../../ui/toast.js';
import { Time } from '../../ui/value.js';
import { Secret } from './secret.js';

export function Tokens() {
  const tokens = useQuery(tokensQuery());
  const server = useQuery(serverQuery());
  const [secret, setSecret] = useState<string | null>(null);
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['settings', 'tokens'] });
  const create = async (): Promise<void> => {
    const { token } = await client.createToken({});
    setSecret(token);
    await again();
  };
  const revoke = async ({ id }: JoinTokenView): Promise<void> => {
    await client.revokeToken(id);
    await again();
    say(`The token ${id} … lets nobody in any more.`);
  };
  const now = useNow();
  const columns = useMemo(() => columnsOf(now, (token) => void attempt(() => revoke(token))), [now]);
  return (
    <section className="stack-small">
      <div className="row">
        <Button look="primary" onPress={() => void attempt(create)}>
          New join token
        </Button>
        <span className="muted">Lets one machine in, once, within an hour.</span>
      </div>
      <Loaded query={tokens} what="join tokens">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No join tokens">Make one, and run the command that comes with it on the machine.</Empty>
          ) : (
            <Table label="Join tokens" columns={columns} rows={items} />
          )
        }
      </Loaded>
      <Secret title="The new join token" secret={secret} onClose={() => setSecret(null)}>
        <p>On the machine:</p>
        <Copyable label="the command" text={`sweep agent --url ${server.data?.url ?? location.origin} --join ${secret ?? ''}`} />
      </Secret>
    </section>
  );
}

const columnsOf = (now: number, onRevoke: (token: JoinTokenView) => void): readonly Column<JoinTokenView>[] => [
  { id: 'id', title: 'Token', width: 150, cell: ({ id }) => <span className="mono">{id} …</span> },
  { id: 'by', title: 'Made by', width: 130, cell: ({ by }) => by },
  { id: 'created', title: 'Made', width: 110, cell: ({ createdAt }) => <Time at={createdAt} /> },
  { id: 'state', title: 'State', width: 150, cell: (token) => stateOf(token, now) },
  {
    id: 'do',
    title: 'Action',
    width: 90,
    cell: (token) =>
      isGood(token, now) ? (
        <Button look="danger" aria-label={`Revoke ${token.id}`} onPress={() => onRevoke(token)}>
          Revoke
        </Button>
      ) : null,
  },
];

const isGood = ({ usedAt, expiresAt }: JoinTokenView, now: number): boolean => usedAt === null && Date.parse(expiresAt) > now;

function stateOf(token: JoinTokenView, now: number) {
  if (token.usedAt !== null) {
    return (
      <>
        used <Time at={token.usedAt} />
      </>
    );
  }
  return isGood(token, now) ? 'can be used' : 'expired';
}
