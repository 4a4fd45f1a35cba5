import { ConfigError } from "../errors";
import { parsedUrl } from "../url";
import { misnamed } from "./setting-names";
import { noAccident, ruleOf, type Rule } from "./setting-rules";
import type { Setting, SettingMember, SettingsTable, ValueOf } from "./table";
import { waysToSet } from "./ways-to-set";

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

/**
 * Reads the settings of one cloud from Pulumi config and environment. Everything malformed is collected, so that one error
 * names it all; values are never quoted.
 */
export class SettingsReader {
  private readonly problems = new Set<string>();

  constructor(
    private readonly config: ConfigLookup,
    private readonly environment: Environment,
    private readonly table: SettingsTable,
  ) {
    for (const sentence of misnamed(config, table).values()) {
      this.complain(sentence);
    }
  }

  /** What the config says, else the environment, else the default. Where it is malformed, which is noted, it need not be of its type. */
  value<S extends Setting>(setting: S): ValueOf<S["shape"]> | DefaultOf<S> {
    const configured = this.configured(setting);
    if (configured !== undefined) {
      return configured;
    }
    const variable = this.variable(setting);
    const value = variable === undefined ? setting.default : valueOf(variable.value, setting);
    return value as ValueOf<S["shape"]> | DefaultOf<S>;
  }

  /** What the config says; blank counts as not set. What is wrong with it is noted. */
  configured<S extends Setting>(setting: S): ValueOf<S["shape"]> | undefined {
    const text = trimmed(this.config(setting.key), setting);
    if (text === undefined) {
      return undefined;
    }
    this.check(setting.key, text, ruleOf(setting));
    return valueOf(text, setting) as ValueOf<S["shape"]> | undefined;
  }

  /** Whether the config says anything of a setting. */
  has(setting: Setting): boolean {
    return nonBlank(this.config(setting.key)) !== undefined;
  }

  /** The first variable of a setting that is set, or of some of them. What is wrong with it is noted. */
  variable(setting: Variables, ...some: readonly string[]): Variable | undefined {
    for (const name of some.length > 0 ? some : wholeVariables(setting)) {
      const value = trimmed(this.environment[name], setting);
      if (value !== undefined) {
        this.check(name, value, ruleOf(setting));
        return { name, value };
      }
    }
    return undefined;
  }

  /** A variable that is only a part of what a setting says. */
  partialVariable(name: string): string | undefined {
    return this.variable({ shape: { kind: "text" } }, name)?.value;
  }

  /** The text under a key that is no setting. */
  text(key: string): string | undefined {
    return nonBlank(this.config(key));
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

  /** @throws ConfigError listing everything that was noted, and every way to set it */
  throwProblems(): void {
    if (this.problems.size > 0) {
      const problems = [...this.problems].join(" ");
      throw new ConfigError(`The connection to ${this.table.service} is not set up: ${problems}`, {
        hint: waysToSet(this.table),
      });
    }
  }
}

type DefaultOf<S> = S extends { readonly default: unknown } ? never : undefined;
type Variables = SettingMember & Pick<Setting, "verbatim">;

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

/** Those that say alone what a setting is. */
function wholeVariables({ environment = [] }: SettingMember): readonly string[] {
  return environment.filter((one) => typeof one === "string");
}

function valueOf(text: string, { shape }: SettingMember): string | number | boolean | undefined {
  switch (shape.kind) {
    case "integer":
      return Number(text);
    case "flag":
      return text === "true";
    case "enum":
      return shape.words.find((word) => word === text);
    default:
      return text;
  }
}

/** A text without the blanks around it; of a password or the like only without the line end that files leave. */
function trimmed(value: string | undefined, { verbatim }: Variables): string | undefined {
  const text = nonBlank(value);
  return text === undefined || verbatim !== true ? text : value?.replace(/[\r\n]+$/, "");
}

function nonBlank(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === "" ? undefined : text;
}
