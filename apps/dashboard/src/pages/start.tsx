/** How to begin: the exact commands, for this controller, each copied with one click. */
import { useQuery } from '@tanstack/react-query';
import { serverQuery } from '../data/queries.js';
import { useNamedPage } from '../shell/page-name.js';
import { Copyable } from '../ui/copy.js';

export default function StartPage() {
  useNamedPage('How to start');
  return <Start heading="How to start" />;
}

const example = `cat > sweep.yaml <<'YAML'
program: train.py
method: bayes
metric: {name: loss, goal: minimize}
parameters:
  lr: {distribution: log_uniform_values, min: 1e-5, max: 1e-1}
  width: {values: [32, 64, 128]}
run_cap: 30
YAML
sweep create sweep.yaml`;

/** What stands in backticks is code. */
const withCode = (text: string) => text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part));

export function Start({ heading = 'Nothing here yet' }: { readonly heading?: string }) {
  const server = useQuery(serverQuery());
  const url = server.data?.url ?? window.location.origin;
  const steps = [
    {
      title: 'Log in, once on each machine',
      label: 'the command that logs in',
      text: `sweep login ${url}`,
      note: 'Asks for an API key. `sweep key create NAME` makes one.',
    },
    {
      title: 'Make a sweep',
      label: 'the commands that make a sweep',
      text: example,
      note: 'Any sweep file of W&B works as it is. `sweep check sweep.yaml` says what it means before anything runs.',
    },
    {
      title: 'Run it on every machine that should help',
      label: 'the command that starts an agent',
      text: 'sweep agent',
      note: 'It takes trials for every free GPU, of all sweeps. `sweep agent ID` takes those of one.',
    },
    {
      title: 'Or send what wandb logs here',
      label: 'the variables for wandb',
      text: `export WANDB_BASE_URL=${url}\nexport WANDB_API_KEY=YOUR_KEY`,
      note: 'The program stays as it is: `wandb.init()`, `wandb sweep` and `wandb agent` talk to this controller.',
    },
  ];
  return (
    <div className="stack start">
      <header>
        <h1>{heading}</h1>
        <p className="answer">Three commands make the first sweep. This page fills in by itself.</p>
      </header>
      <ol className="stack">
        {steps.map(({ title, label, text, note }, index) => (
          <li key={title} className="stack-small">
            <h2>
              {index + 1}. {title}
            </h2>
            <Copyable text={text} label={label} />
            <p className="muted">{withCode(note)}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
