import type { Shape } from "../shape";
import type { Rule } from "./setting-rules";

/**
 * One setting, described once: its JSDoc comment gives the meaning, and everything else is derived from here, from the reader to the arguments
 * of a `Provider` and the tables of the documentation.
 */
export interface Setting extends SettingMember {
  /** The Pulumi config key. Its second part is the setting's name: `zstack:endpoint`. */
  readonly key: string;
  /** Encrypted wherever it is stored. */
  readonly secret?: true;
  /** Blanks at its ends belong to it, as to a password's. */
  readonly verbatim?: true;
  /** The value where nobody gives one. */
  readonly default?: number | boolean;
}

/** A member of a setting that is an object; and what it has in common with a setting. */
export interface SettingMember {
  readonly shape: Shape;
  /** Whether it must be given wherever a program gives what it belongs to: a connection, or the object. */
  readonly required?: true;
  /** The variables to read where the config says nothing; the first that is set wins. Some only say it together. */
  readonly environment?: readonly (string | readonly string[])[];
  /** What it may be, in the place of the rule that its shape makes. */
  readonly rule?: Rule;
}

/** The settings of one cloud, under the names that an explicit provider gives them. */
export interface SettingsTable<Name extends string = string> {
  /** The cloud's own config namespace, and its name among the arguments of a `Provider`. */
  readonly cloud: string;
  /** What the service is called in sentences. */
  readonly service: string;
  readonly settings: Readonly<Record<Name, Setting>>;
  /** Settings of which one says what to connect to, the usual one first. */
  readonly places: readonly Place<Name>[];
  /** Ways to prove who calls; a group that is begun must be whole. */
  readonly credentials: readonly (readonly Name[])[];
  /** Where credentials are found that are given in none of these ways. Without it they must be given. */
  readonly elsewhere?: Elsewhere<Name>;
  readonly foreign: ForeignNames<Name>;
}

interface Place<Name> {
  readonly setting: Name;
  readonly example: string;
  /** Shown on a command line in the place of the example. */
  readonly placeholder?: string;
}

interface Elsewhere<Name> {
  /** The setting that names one of these sources. */
  readonly setting: Name;
  /** What they are called together. */
  readonly sources: string;
}

/** Names in the namespaces of a cloud that are no settings of this package. */
export interface ForeignNames<Name extends string = string> {
  /** Keys of other tools, which do not concern this package. */
  readonly others?: readonly string[];
  /** Those of them that are read all the same, to tell where they would be passed over. */
  readonly watched?: readonly string[];
  /** Keys that people expect, each with the settings that stand for it: it is refused unless one of these is given, too. */
  readonly expected: Readonly<Record<string, readonly [Name, ...Name[]]>>;
}

/** What a setting of a shape holds. An object arrives as JSON, and is read by what knows its members. */
export type ValueOf<S> = S extends { readonly kind: "flag" }
  ? boolean
  : S extends { readonly kind: "integer" }
    ? number
    : S extends { readonly kind: "enum"; readonly words: readonly (infer Word)[] }
      ? Word
      : string;

/** Settings with their keys. */
export type InNamespace<Settings> = { readonly [K in keyof Settings]: Settings[K] & Pick<Setting, "key"> };

/** Settings in the namespace of a cloud, under their names there. */
export function inNamespace<Settings extends Readonly<Record<string, Omit<Setting, "key">>>>(
  namespace: string,
  settings: Settings,
): InNamespace<Settings> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, { ...setting, key: `${namespace}:${name}` }]),
  ) as InNamespace<Settings>;
}

/** Every variable that one of these settings, or a member of one, is read from. */
export function variablesOf(settings: Readonly<Record<string, SettingMember>>): string[] {
  return Object.values(settings).flatMap(({ environment = [], shape }) => [
    ...environment.flat(),
    ...(shape.kind === "object" ? variablesOf(shape.members) : []),
  ]);
}
