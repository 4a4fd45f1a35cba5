import type { SettingNames } from "./setting-names";
import type { Rule } from "./setting-rules";

/** Settings of a connection, each described once: reader, `Provider` arguments, documents and a plugin's schema derive from the entry. */

/** One setting. Its JSDoc comment gives the meaning. */
export interface Setting {
  /** The Pulumi config key, for example `zstack:endpoint`. */
  readonly key: string;
  /** What a `Provider` takes for it. Config holds text; an object is written out as JSON. */
  readonly kind: "string" | "number" | "boolean" | "object";
  /** The words it may be, where these are all. */
  readonly words?: readonly string[];
  /** Carries the type of an object's members; never read. */
  readonly members?: unknown;
  /** The environment variables that stand for it, first found wins; those of credentials count in whole sets only. */
  readonly env?: readonly string[];
  /** Encrypted wherever it is stored. */
  readonly secret?: true;
  readonly required?: true;
  /** What counts when it is left out. */
  readonly default?: number;
  /** What else must be true of its text. */
  readonly rule?: Rule;
}

export type SettingEntries = Readonly<Record<string, Setting>>;

/** The settings of a cloud, under the names that an explicit provider gives them. */
export interface SettingsTable<Entries extends SettingEntries = SettingEntries> {
  readonly entries: Entries;
  /** Ways to prove who calls; a group that is begun must be whole. */
  readonly credentials: readonly (readonly string[])[];
  /** Whether credentials may be left out, because the cloud's own chain finds them. */
  readonly findsCredentials?: true;
  /** Keys of other tools in the same namespaces, which do not concern this package. */
  readonly others?: readonly string[];
  /** Those of them that are read all the same, to tell where they would be passed over. */
  readonly watched?: readonly string[];
  /** Keys that people expect, each with the settings that stand for it: it is refused unless one of these is given, too. */
  readonly expected: SettingNames["expected"];
}

/** Keeps the literal types of the entries. */
export function defineSettings<const Entries extends SettingEntries>(entries: Entries): Entries {
  return entries;
}

/** The type of an object's members, for {@link Setting.members}. */
export function membersOf<Members>(): Members | undefined {
  return undefined;
}

/** The entry of a config key. */
export function settingOfKey({ entries }: SettingsTable, key: string): Setting | undefined {
  return Object.values(entries).find((setting) => setting.key === key);
}

/** Which keys are settings, and which only look like one. */
export function namesIn({ entries, others, watched, expected }: SettingsTable): SettingNames {
  return {
    settings: Object.values(entries).map(({ key }) => key),
    ...(others === undefined ? {} : { others }),
    ...(watched === undefined ? {} : { watched }),
    expected,
  };
}
