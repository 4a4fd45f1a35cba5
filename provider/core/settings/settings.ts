import { ConfigError } from "../errors";
import { misnamed } from "./setting-names";
import { noAccident, type Rule } from "./setting-rules";
import { namesIn, settingOfKey, type SettingsTable } from "./setting-table";
import { parsedUrl } from "../url";

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
    private readonly table: SettingsTable,
  ) {
    for (const sentence of misnamed(config, namesIn(table)).values()) {
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

  /** A whole number; the setting's default where none is given. */
  integer(key: string): number {
    const value = this.text(key);
    return value === undefined ? this.defaultOf(key) : Number(value);
  }

  /** A time span in seconds, given in milliseconds. */
  secondsAsMs(key: string): number {
    return this.integer(key) * MS_PER_SECOND;
  }

  /** The first of a setting's environment variables that is set. What is wrong with it is noted. */
  variableOf(key: string): string | undefined {
    const { env = [], rule } = settingOfKey(this.table, key) ?? {};
    const variable = this.variable(...env);
    if (variable !== undefined) {
      this.check(variable.name, variable.value, rule);
    }
    return variable?.value;
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

  /** @throws ConfigError listing everything that was noted */
  throwProblems(service: string, hint: string): void {
    if (this.problems.size > 0) {
      const problems = [...this.problems].join(" ");
      throw new ConfigError(`The connection to ${service} is not set up: ${problems}`, { hint });
    }
  }

  private defaultOf(key: string): number {
    const { default: value } = settingOfKey(this.table, key) ?? {};
    if (value === undefined) {
      throw new Error(`unreachable: ${key} has no default`);
    }
    return value;
  }

  private checked(key: string, value: string | undefined): string | undefined {
    if (value !== undefined) {
      this.check(key, value, settingOfKey(this.table, key)?.rule);
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
