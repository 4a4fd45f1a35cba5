import { ConfigError } from "./errors";
import type { HttpSettings } from "./http";

/** What settings a cloud has: the keys of its config namespace. */
export interface SettingsTable<Key extends string = string> {
  readonly keys: readonly Key[];
  /** Those that are encrypted wherever they are stored. */
  readonly secrets: readonly Key[];
  /** Ways to prove who calls; one of the groups must be given, and whole. */
  readonly credentials: readonly (readonly Key[])[];
  readonly required: readonly Key[];
}

/** Looks a Pulumi config key such as `zstack:endpoint` up; `undefined` when it is not set. */
export type ConfigLookup = (key: string) => string | undefined;

/** The environment a process runs in. */
export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_REQUEST_TIMEOUT_SECONDS = 30;
const DEFAULT_MAX_CONCURRENT_REQUESTS = 10;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_CONCURRENT_REQUESTS = 100;
const MS_PER_SECOND = 1000;

/**
 * Reads the settings of one cloud from Pulumi config and environment. Everything malformed is collected, so that one error
 * names it all; values are never quoted.
 */
export class SettingsReader {
  private readonly problems: string[] = [];

  constructor(
    /** The config namespace, for example `zstack`. */
    readonly namespace: string,
    private readonly config: ConfigLookup,
    readonly environment: Environment,
  ) {}

  /** The trimmed value of a config key; blank counts as not set. */
  text(key: string): string | undefined {
    return nonBlank(this.config(`${this.namespace}:${key}`));
  }

  /** The first of some environment variables that is set, with its name. */
  variable(...names: readonly string[]): { readonly name: string; readonly value: string } | undefined {
    for (const name of names) {
      const value = nonBlank(this.environment[name]);
      if (value !== undefined) {
        return { name, value };
      }
    }
    return undefined;
  }

  /** A boolean config key; Pulumi writes them as text. */
  flag(key: string): boolean | undefined {
    const value = this.text(key);
    if (value === undefined || value === "true" || value === "false") {
      return value === undefined ? undefined : value === "true";
    }
    this.problem(key, "must be true or false");
    return undefined;
  }

  /** A whole number within limits, both included. */
  integer(key: string, limits: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.text(key);
    if (value === undefined) {
      return undefined;
    }
    const number = Number(value);
    if (Number.isInteger(number) && number >= limits.min && number <= limits.max) {
      return number;
    }
    this.problem(key, `must be a whole number from ${limits.min} to ${limits.max}`);
    return undefined;
  }

  /** A time span in seconds, given in milliseconds. */
  secondsAsMs(key: string, defaultSeconds: number): number {
    return (this.integer(key, { min: 1, max: MAX_TIMEOUT_SECONDS }) ?? defaultSeconds) * MS_PER_SECOND;
  }

  /** Notes that a key is malformed. `rule` continues the sentence "`namespace:key` …" and must not quote the value. */
  problem(key: string, rule: string): void {
    this.problems.push(`${this.namespace}:${key} ${rule}.`);
  }

  /** Notes a problem that is not about one key. A full sentence. */
  complain(sentence: string): void {
    this.problems.push(sentence);
  }

  /** The transport settings every cloud has. */
  transport(): HttpSettings {
    const caFile = this.text("caFile");
    const proxy = this.text("proxy");
    return {
      requestTimeoutMs: this.secondsAsMs("requestTimeoutSeconds", DEFAULT_REQUEST_TIMEOUT_SECONDS),
      maxConcurrentRequests:
        this.integer("maxConcurrentRequests", { min: 1, max: MAX_CONCURRENT_REQUESTS }) ??
        DEFAULT_MAX_CONCURRENT_REQUESTS,
      insecureSkipVerify: this.flag("insecureSkipVerify") ?? false,
      ...(caFile === undefined ? {} : { caFile }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /** @throws ConfigError listing everything that was noted */
  throwProblems(service: string, hint: string): void {
    if (this.problems.length > 0) {
      throw new ConfigError(`The connection to ${service} is not set up: ${this.problems.join(" ")}`, {
        hint,
      });
    }
  }
}

function nonBlank(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}
