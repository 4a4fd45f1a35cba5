import { ConfigError } from "./errors";
import type { HttpSettings } from "./http";

/** What settings a cloud has, under the names that an explicit provider gives them. */
export interface SettingsTable<Name extends string = string> {
  /** The Pulumi config key of each, for example `endpoint` → `zstack:endpoint`. */
  readonly configKeys: Readonly<Record<Name, string>>;
  /** Those that are encrypted wherever they are stored. */
  readonly secrets: readonly Name[];
  /** Ways to prove who calls; a group that is begun must be whole. */
  readonly credentials: readonly (readonly Name[])[];
  /** Whether credentials may be left out, because the cloud's own chain finds them. */
  readonly findsCredentials?: true;
  readonly required: readonly Name[];
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
    private readonly config: ConfigLookup,
    readonly environment: Environment,
  ) {}

  /** The trimmed value of a config key such as `zstack:endpoint`; blank counts as not set. */
  text(key: string): string | undefined {
    return nonBlank(this.config(key));
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

  /** Notes that a key is malformed. `rule` continues the sentence "`key` …" and must not quote the value. */
  problem(key: string, rule: string): void {
    this.problems.push(`${key} ${rule}.`);
  }

  /** Notes a problem that is not about one key. A full sentence. */
  complain(sentence: string): void {
    this.problems.push(sentence);
  }

  /** The transport settings every cloud has, in its own namespace. */
  transport(namespace: string): HttpSettings {
    const caFile = this.text(`${namespace}:caFile`);
    const proxy = this.text(`${namespace}:proxy`);
    return {
      requestTimeoutMs: this.secondsAsMs(
        `${namespace}:requestTimeoutSeconds`,
        DEFAULT_REQUEST_TIMEOUT_SECONDS,
      ),
      maxConcurrentRequests:
        this.integer(`${namespace}:maxConcurrentRequests`, { min: 1, max: MAX_CONCURRENT_REQUESTS }) ??
        DEFAULT_MAX_CONCURRENT_REQUESTS,
      insecureSkipVerify: this.flag(`${namespace}:insecureSkipVerify`) ?? false,
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
