/** With what the run was begun, what it said in the end, and where it ran. */
import { type ReactNode, useMemo, useState } from 'react';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { Field } from '../../ui/field.js';
import { Value } from '../../ui/value.js';
import { matching } from './key-groups.js';
import { isObject } from './media-values.js';
import type { RunPart } from './run-part.js';

export default function ConfigTab({ run }: RunPart): ReactNode {
  const [search, setSearch] = useState('');
  const facts = useMemo(() => factsOf(run), [run]);
  return (
    <>
      <div className="look-bar">
        <Field label="Search names" hideLabel type="search" placeholder="Search names" value={search} onChange={setSearch} />
      </div>
      <NamedValues title="Config" values={run.config} search={search} empty="The program was given no config." />
      <NamedValues title="Summary" values={run.fullSummary} search={search} empty="Nothing was logged yet." />
      <NamedValues title="Run" values={facts} search={search} empty="" />
    </>
  );
}

function factsOf({ host, program, repo, commit, exitCode, heartbeatAt }: RunPart['run']) {
  const facts = { host, program, repo, commit, exitCode, heartbeatAt };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

/** What the client adds, and what the machine did: they have their places elsewhere. */
const notOfTheProgram = /^(_|system[./])/;

interface NamedValuesProps {
  readonly title: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly search: string;
  readonly empty: string;
}

function NamedValues({ title, values, search, empty }: NamedValuesProps): ReactNode {
  const flat = useMemo(() => flattened(withoutMedia(values)), [values]);
  const names = matching(
    [...flat.keys()].filter((name) => !notOfTheProgram.test(name)),
    search,
  );
  return (
    <section className="run-section">
      <h2>{title}</h2>
      {flat.size === 0 ? (
        <p className="muted">{empty}</p>
      ) : (
        <dl className="named-values">
          {names.map((name) => (
            <div key={name}>
              <dt title={name}>{name}</dt>
              <dd>
                <Value value={flat.get(name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** Media are shown elsewhere; here they are said. */
const withoutMedia = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isObject(value) && typeof value['_type'] === 'string' ? `(${value['_type']})` : value,
    ]),
  );
