/** Which of the logged steps is shown. */
import type { ReactNode } from 'react';

export interface StepSliderProps {
  readonly steps: readonly number[];
  readonly step: number;
  readonly onStep: (step: number | null) => void;
  readonly name: string;
}

/** At the right end it follows what is logged next. */
export function StepSlider({ steps, step, onStep, name }: StepSliderProps): ReactNode {
  if (steps.length < 2) return <p className="muted">step {step}</p>;
  const last = steps.length - 1;
  return (
    <label className="step-slider">
      <span className="muted">step {step}</span>
      <input
        type="range"
        aria-label={`step of ${name}`}
        aria-valuetext={`step ${step}`}
        min={0}
        max={last}
        value={steps.indexOf(step)}
        onChange={({ target }) => onStep(Number(target.value) === last ? null : steps[Number(target.value)]!)}
      />
      <span className="muted">
        {steps.indexOf(step) + 1} of {steps.length}
      </span>
    </label>
  );
}
