import { failBadInput, failMissing } from "./errors";
import type { SecurityCenterSwitches } from "./switches";

const INTEGER = /^-?\d{1,18}$/;

/** The parameters of one call: text on the wire, read as what they are declared to be. */
export class Parameters {
  private readonly values: ReadonlyMap<string, string>;
  private readonly switches: SecurityCenterSwitches;

  constructor(values: ReadonlyMap<string, string>, switches: SecurityCenterSwitches) {
    this.values = values;
    this.switches = switches;
  }

  /** A text as it was sent; `undefined` when it was not. */
  text(name: string): string | undefined {
    return this.values.get(name);
  }

  /** A text that must be there and not empty. */
  requiredText(name: string): string {
    const value = this.values.get(name);
    return value === undefined || value === "" ? failMissing(name) : value;
  }

  /** An integer within limits. */
  integer(name: string, min: number, max: number): number | undefined {
    const value = this.values.get(name);
    if (value === undefined) {
      return undefined;
    }
    const number = INTEGER.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max)) {
      this.refuse(name, `must be an integer from ${String(min)} to ${String(max)}`);
    }
    return number;
  }

  /** An integer within limits that must be there. */
  requiredInteger(name: string, min: number, max: number): number {
    this.requiredText(name);
    return this.integer(name, min, max) ?? failMissing(name);
  }

  /** One of a closed list. */
  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.values.get(name);
    if (value === undefined) {
      return undefined;
    }
    return values.find((known) => known === value) ?? this.refuse(name, `must be ${values.join(" or ")}`);
  }

  /** A JSON document of a shape, inside of the text. */
  json<T>(name: string, isShape: (value: unknown) => value is T, shape: string): T | undefined {
    const value = this.values.get(name);
    if (value === undefined) {
      return undefined;
    }
    const parsed = parseJson(value);
    return isShape(parsed) ? parsed : this.refuse(name, `must be ${shape}`);
  }

  /** Comma-separated ids without spaces that must be there (section 7). */
  requiredIds(name: string): number[] {
    const value = this.requiredText(name);
    if (!/^\d{1,15}(,\d{1,15})*$/.test(value)) {
      this.refuse(name, "must be ids, comma-separated without spaces");
    }
    return value.split(",").map(Number);
  }

  /** Refuses a value in the way that the switch badInputCode says. */
  refuse(name: string, rule: string): never {
    failBadInput(this.switches.badInputCode, `The parameter ${name} ${rule}.`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON document gives undefined, which no shape takes.
    return undefined;
  }
}
