import { ConfigError } from "../errors";
import type { HttpSettings } from "../transport/http";
import { misnamed, type SettingNames } from "./setting-names";
import { noAccident, type Rule, type SettingRules } from "./setting-rules";
import { parsedUrl } from "../url";

/** What settings a cloud has, under the names that an explicit provider gives them. */
export interface SettingsTable<Name extends string = string> {
  /** The Pulumi config key of each, for example `endpoint` → `zstack:endpoint`. */
  readonly configKeys: Readonly<Record<Name, string>>;
  /** Those that are no text. */
  readonly kinds: Readonly<Partial<Record<Name, "number" | "boolean" | "object">>>;
  /** Those that are encrypted wherever they are stored. */
  readonly secrets: readonly Name[];
  /** Ways to prove who calls; a group that is begun must be whole. */
  readonly credentials: readonly (readonly Name[])[];
  /** Whether credentials may be left out, because the cloud's own chain finds them. */
  readonly findsCredentials?: true;
  readonly required: readonly Name[];
  readonly rules: SettingRules;
  readonly names: SettingNames;
}

/** Looks a Pulumi config key such as `zstack:endpoint` up; `undefined` when it is not set. */
export interface ConfigLookup {
  (key: string): string | undefined;
  /** All keys that are set, where they can be told. */
  readonly keys?: readonly string[] | undefined;
}

/** The environment a process runs in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Keys with which an explicit provider says about the settings of a namespace what their values do not: names of settings, with commas.
 */
export const PROVIDER_NOTES = {
  /** Given, but as outputs that turned out to hold nothing. Nothing else may take their place: it would be sent to this endpoint. */
  missing: "missingSettings",
  /** Given as secrets, although they are none as a rule. */
  secret: "secretSettings",
} as const;

const DEFAULT_REQUEST_TIMEOUT_SECONDS = 30;
const DEFAULT_MAX_CONCURRENT_REQUESTS = 10;
const MS_PER_SECOND = 1000;

/**
 * Reads the settings of one cloud from Pulumi config and environment. Everything malformed is collected, so that one error
 * names it all; values are never quoted.
 */
export class SettingsReader {
  private readonly problems = new Set<string>();

  constructor(
    private readonly config: ConfigLookup,
    readonly environment: Environment,
    private readonly rules: SettingRules,
    names: SettingNames,
  ) {
    for (const sentence of misnamed(config, names).values()) {
      this.complain(sentence);
    }
  }

  /** The trimmed value of a config key such as `zstack:endpoint`; blank counts as not set. What is wrong with it is noted. */
  text(key: string): string | undefined {
    return this.checked(key, nonBlank(this.config(key)));
  }

  /** A password or the like: any blank in it may belong to it, but for the line end that files leave. */
  secret(key: string): string | undefined {
    return this.checked(key, withoutLineEnd(this.config(key)));
  }

  /** The first of some environment variables that is set, with its name. What is wrong with it is noted. */
  variable(...names: readonly string[]): Variable | undefined {
    return this.firstSet(names, nonBlank);
  }

  /** The same for a password or the like. */
  secretVariable(...names: readonly string[]): Variable | undefined {
    return this.firstSet(names, withoutLineEnd);
  }

  /** A boolean config key; Pulumi writes them as text. */
  flag(key: string): boolean | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : value === "true";
  }

  /** A whole number. */
  integer(key: string): number | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : Number(value);
  }

  /** A time span in seconds, given in milliseconds. */
  secondsAsMs(key: string, defaultSeconds: number): number {
    return (this.integer(key) ?? defaultSeconds) * MS_PER_SECOND;
  }

  /** Notes what a rule says against a value. */
  check(label: string, value: string, rule: Rule | undefined): void {
    const problem = noAccident(value) ?? rule?.(value);
    if (problem !== undefined) {
      this.problem(label, problem);
    }
  }

  /** Notes that a key is malformed. `rule` continues the sentence "`key` …" and must not quote the value. */
  problem(key: string, rule: string): void {
    this.complain(asSentence(key, rule));
  }

  /** Notes a problem that is not about one key. A full sentence. */
  complain(sentence: string): void {
    this.problems.add(sentence);
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
        this.integer(`${namespace}:maxConcurrentRequests`) ?? DEFAULT_MAX_CONCURRENT_REQUESTS,
      insecureSkipVerify: this.flag(`${namespace}:insecureSkipVerify`) ?? false,
      ...(caFile === undefined ? {} : { caFile }),
      ...(proxy === undefined ? {} : { proxy }),
    };
  }

  /** @throws ConfigError listing everything that was noted */
  throwProblems(service: string, hint: string): void {
    if (this.problems.size > 0) {
      const problems = [...this.problems].join(" ");
      throw new ConfigError(`The connection to ${service} is not set up: ${problems}`, { hint });
    }
  }

  private checked(key: string, value: string | undefined): string | undefined {
    if (value !== undefined) {
      this.check(key, value, this.rules[key]);
    }
    return value;
  }

  private firstSet(
    names: readonly string[],
    read: (value: string | undefined) => string | undefined,
  ): Variable | undefined {
    for (const name of names) {
      const value = read(this.environment[name]);
      if (value !== undefined) {
        this.check(name, value, undefined);
        return { name, value };
      }
    }
    return undefined;
  }
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * The values that an explicit provider was given as secrets, although such settings are none as a rule: what is to be kept out of texts.
 * Of addresses their host, too, which stands alone in some messages.
 */
export function secretSettings(config: ConfigLookup, namespace: string): string[] {
  const keys = config(`${namespace}:${PROVIDER_NOTES.secret}`)?.split(",") ?? [];
  return keys.flatMap((key) => {
    const value = nonBlank(config(key));
    if (value === undefined) {
      return [];
    }
    const isAddress = /^https?:\/\//i.test(value) && parsedUrl(value) !== undefined;
    return isAddress ? [value, new URL(value).host, new URL(value).hostname] : [value];
  });
}

/** A sentence about a setting. A rule that ends in a question is a sentence already. */
export function asSentence(key: string, rule: string): string {
  return `${key} ${rule}${rule.endsWith("?") ? "" : "."}`;
}

function nonBlank(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}

function withoutLineEnd(value: string | undefined): string | undefined {
  return nonBlank(value) === undefined ? undefined : value?.replace(/[\r\n]+$/, "");
}
