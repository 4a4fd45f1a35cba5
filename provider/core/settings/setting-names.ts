/**
 * Which keys of the config are settings, and which only look like one: a setting that is misspelt, or has another tool's name, would be
 * passed over in silence, and the default taken in its place.
 */
import { distance } from "fastest-levenshtein";
import type { ConfigLookup } from "./settings";

/** The keys that may stand in the namespaces of a cloud, in full: `zstack:endpoint`. */
export interface SettingNames {
  readonly settings: readonly string[];
  /** Those of other tools in the same namespaces, which do not concern this package. */
  readonly others?: readonly string[];
  /** Those of them that are read all the same, to tell where they would be passed over. */
  readonly watched?: readonly string[];
  /** Names that people expect, each with the settings that stand for it: it is refused unless one of these is given, too. */
  readonly expected: Readonly<Record<string, readonly [string, ...string[]]>>;
}

/** What is set and is no setting, each with a sentence about it. Names values of none. */
export function misnamed(config: ConfigLookup, names: SettingNames): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const known = new Set([...names.settings, ...(names.others ?? [])]);
  for (const key of candidates(config, names)) {
    if (known.has(key) || !isSet(config, key)) {
      continue;
    }
    const meant = names.expected[key];
    if (meant !== undefined) {
      if (!meant.some((setting) => isSet(config, setting))) {
        found.set(key, `${key} is not a setting of this package: write ${meant[0]}.`);
      }
      continue;
    }
    const nearest = nearestTo(key, names);
    if (nearest !== undefined) {
      found.set(key, `${key} is not a setting. Did you mean "${nearest}"?`);
    }
  }
  return found;
}

/** All keys of the namespaces where they can be listed, else the likely ones. */
function candidates(config: ConfigLookup, { settings, expected }: SettingNames): readonly string[] {
  const namespaces = new Set(settings.map(namespaceOf));
  return config.keys === undefined
    ? [...Object.keys(expected), ...settings.flatMap(otherSpellings)]
    : config.keys.filter((key) => namespaces.has(namespaceOf(key))).sort();
}

/** `accessKey` as other tools write it. */
function otherSpellings(setting: string): string[] {
  const namespace = namespaceOf(setting);
  const words = nameOf(setting).split(/(?=[A-Z])/);
  return ["_", "-", ""].map((joint) => `${namespace}:${words.join(joint).toLowerCase()}`);
}

/** The setting that a key was probably meant to be. Names of one's own that only share a few letters with it are left alone. */
function nearestTo(key: string, { settings, others = [] }: SettingNames): string | undefined {
  const name = plain(nameOf(key));
  const sameName = settings.find((setting) => plain(nameOf(setting)) === name);
  if (sameName !== undefined) {
    return sameName;
  }
  const inReach = [...settings, ...others]
    .filter((setting) => namespaceOf(setting) === namespaceOf(key))
    .map((setting) => ({ setting, edits: distance(name, plain(nameOf(setting))) }))
    .filter(({ setting, edits }) => edits <= Math.max(1, Math.floor(nameOf(setting).length / 5)))
    .sort((a, b) => a.edits - b.edits);
  const nearest = inReach[0]?.setting;
  return nearest !== undefined && settings.includes(nearest) ? nearest : undefined;
}

function isSet(config: ConfigLookup, key: string): boolean {
  return (config(key) ?? "") !== "";
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}

function nameOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

function plain(name: string): string {
  return name.replace(/[-_. ]/g, "").toLowerCase();
}
