/** A repeatable source of randomness: ids, shuffles and coin flips of an emulator all come from here. */
export class Random {
  private readonly seed: number;
  private state: number;

  /** @param seed any integer; the same seed gives the same ids. */
  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.state = this.seed;
  }

  /** The next number in [0, 1). Mulberry32: small and repeatable, not for cryptography. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Lower-case hex digits. */
  hex(digits: number): string {
    let text = "";
    for (let i = 0; i < digits; i += 1) {
      text += this.below(16).toString(16);
    }
    return text;
  }

  /** A random (version 4) uuid without dashes: 32 lower-case hex digits. */
  uuid(): string {
    return `${this.hex(12)}4${this.hex(3)}${"89ab".charAt(this.below(4))}${this.hex(15)}`;
  }

  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      const kept = copy[i] as T;
      copy[i] = copy[j] as T;
      copy[j] = kept;
    }
    return copy;
  }
}
