/** One refused value: where, why, and what to do instead. Never quotes the value itself. */
export interface Issue {
  /** A property path such as `atPersons["+86-13800000000"]`, or the argument's name. */
  readonly path: string;
  /** A sentence, or two: the reason, then the remedy. */
  readonly reason: string;
}

/** Collects what a check has to say, so that everything wrong is said at once. */
export class Findings {
  readonly issues: Issue[] = [];
  readonly advice: Issue[] = [];

  /** Refuses the value at `path`. */
  refuse(path: string, reason: string): void {
    this.issues.push({ path, reason });
  }

  /** Lets the value at `path` pass, with a warning. */
  warn(path: string, reason: string): void {
    this.advice.push({ path, reason });
  }
}

/** The path of a member: `parent.key`, or `parent["key"]` where the key is no identifier. */
export function memberPath(parent: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

/** The path of a list element. */
export function elementPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
