/** A network with one hidden layer, trained by stochastic gradient descent with momentum. Its validation loss after each epoch. */
import { classes, type Pictures, pixels } from './digits.js';
import { Draws } from './draws.js';

export interface MlpSettings {
  readonly rate: number;
  readonly width: number;
  readonly batch: number;
  readonly momentum: number;
  readonly decay: number;
}

/** A diverged training is as bad as this. */
const worst = 5;

export function mlpCurve(
  settings: MlpSettings,
  data: { readonly train: Pictures; readonly test: Pictures },
  epochs: number,
  seed: number,
): number[] {
  const draws = new Draws(seed);
  const network = new Network(settings, draws);
  return Array.from({ length: epochs }, () => {
    network.epoch(data.train, draws.permutation(data.train.count));
    const loss = network.loss(data.test);
    return Number.isFinite(loss) ? Math.min(worst, loss) : worst;
  });
}

interface Layer {
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly velocity: Float64Array;
}

/** Weights of a row with its bias last. */
function layer(inputs: number, outputs: number, draws: Draws): Layer {
  const size = (inputs + 1) * outputs;
  const weights = Float64Array.from({ length: size }, (_, at) =>
    at % (inputs + 1) === inputs ? 0 : draws.normal() * Math.sqrt(2 / inputs),
  );
  return { weights, gradient: new Float64Array(size), velocity: new Float64Array(size) };
}

class Network {
  private readonly hidden: Layer;
  private readonly output: Layer;
  private readonly active: Float64Array;
  private readonly shares = new Float64Array(classes);
  private readonly back: Float64Array;

  constructor(
    private readonly settings: MlpSettings,
    draws: Draws,
  ) {
    const { width } = settings;
    this.hidden = layer(pixels, width, draws);
    this.output = layer(width, classes, draws);
    this.active = new Float64Array(width);
    this.back = new Float64Array(width);
  }

  epoch({ x, y, count }: Pictures, order: Uint16Array): void {
    const { batch } = this.settings;
    for (let from = 0; from < count; from += batch) {
      const until = Math.min(count, from + batch);
      for (let at = from; at < until; at += 1) {
        const row = order[at]!;
        const picture = x.subarray(row * pixels, (row + 1) * pixels);
        this.forward(picture);
        this.backward(picture, y[row]!);
      }
      this.step(this.hidden, until - from);
      this.step(this.output, until - from);
    }
  }

  /** Mean cross-entropy. */
  loss({ x, y, count }: Pictures): number {
    let sum = 0;
    for (let row = 0; row < count; row += 1) {
      this.forward(x.subarray(row * pixels, (row + 1) * pixels));
      sum -= Math.log(Math.max(1e-12, this.shares[y[row]!]!));
    }
    return sum / count;
  }

  private forward(picture: Float64Array): void {
    const { active, shares } = this;
    for (let unit = 0; unit < active.length; unit += 1) active[unit] = Math.max(0, weighted(this.hidden.weights, unit, picture));
    let highest = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < classes; label += 1) {
      shares[label] = weighted(this.output.weights, label, active);
      highest = Math.max(highest, shares[label]!);
    }
    let sum = 0;
    for (let label = 0; label < classes; label += 1) sum += shares[label] = Math.exp(shares[label]! - highest);
    for (let label = 0; label < classes; label += 1) shares[label] = shares[label]! / sum;
  }

  private backward(picture: Float64Array, truth: number): void {
    const { active, back, output, hidden } = this;
    back.fill(0);
    for (let label = 0; label < classes; label += 1) {
      const error = this.shares[label]! - (label === truth ? 1 : 0);
      const row = label * (active.length + 1);
      for (let unit = 0; unit < active.length; unit += 1) back[unit] = back[unit]! + error * output.weights[row + unit]!;
      addTo(output.gradient, row, error, active);
    }
    for (let unit = 0; unit < active.length; unit += 1) {
      if (active[unit]! > 0) addTo(hidden.gradient, unit * (pixels + 1), back[unit]!, picture);
    }
  }

  private step({ weights, gradient, velocity }: Layer, count: number): void {
    const { rate, momentum, decay } = this.settings;
    for (let at = 0; at < weights.length; at += 1) {
      velocity[at] = momentum * velocity[at]! - rate * (gradient[at]! / count + decay * weights[at]!);
      weights[at] = weights[at]! + velocity[at]!;
    }
    gradient.fill(0);
  }
}

function weighted(weights: Float64Array, row: number, inputs: Float64Array): number {
  const from = row * (inputs.length + 1);
  let sum = weights[from + inputs.length]!;
  for (let at = 0; at < inputs.length; at += 1) sum += weights[from + at]! * inputs[at]!;
  return sum;
}

function addTo(gradient: Float64Array, from: number, factor: number, inputs: Float64Array): void {
  for (let at = 0; at < inputs.length; at += 1) gradient[from + at] = gradient[from + at]! + factor * inputs[at]!;
  gradient[from + inputs.length] = gradient[from + inputs.length]! + factor;
}
