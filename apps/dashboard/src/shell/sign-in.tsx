/** Signing in with an API key. */
import { type FormEvent, useState } from 'react';
import { isSignedOut, messageOf } from '../data/errors.js';
import { useSignIn } from '../data/session.js';
import { Button } from '../ui/button.js';
import { Copyable } from '../ui/copy.js';
import { Field } from '../ui/field.js';

export function SignIn() {
  const signIn = useSignIn();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (key.trim() === '') return setProblem('Paste an API key.');
    setBusy(true);
    try {
      await signIn(key.trim());
    } catch (error) {
      setProblem(isSignedOut(error) ? 'This key is unknown, revoked or expired.' : messageOf(error));
      setBusy(false);
    }
  };
  return (
    <main className="alone">
      <h1>Sweep</h1>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label="API key" type="password" value={key} onChange={setKey} problem={problem} autoFocus />
        <div>
          <Button look="primary" type="submit" isDisabled={busy}>
            Sign in
          </Button>
        </div>
      </form>
      <section className="stack-small">
        <p className="muted">The first start of the controller printed a key. On a machine that is logged in, this makes another:</p>
        <Copyable label="the command that makes a key" text="sweep key create browser" />
        <p className="muted">Lost the only key? On the controller's machine:</p>
        <Copyable label="the command that replaces a lost key" text="sweep key reset" />
      </section>
    </main>
  );
}
