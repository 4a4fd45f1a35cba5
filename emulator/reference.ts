import { CONTROL_ROUTES } from "./frame/control";
import type { ControlTable, Site } from "./frame/site";
import type { Value } from "./frame/value";

/** One member of an object: how it is called, what it takes, what it does. */
export interface MemberRow {
  readonly name: string;
  readonly takes: string;
  readonly isRequired: boolean;
  /** What it is when it is left out, where that is always the same. */
  readonly default?: unknown;
  readonly meaning: string;
}

/** An object that a caller gives: start options, a fault, a row, what an action takes. */
export interface ObjectReference {
  readonly name: string;
  readonly meaning: string;
  readonly members: readonly MemberRow[];
}

/** What one site of the control address has. */
export interface SiteReference {
  readonly name: string;
  readonly faults: readonly ObjectReference[];
  readonly kinds: readonly ObjectReference[];
  readonly actions: readonly ObjectReference[];
}

/** Everything that can be said to an emulator, from the entries that it is checked by. */
export interface EmulatorReference {
  readonly options: readonly ObjectReference[];
  readonly control: readonly { readonly route: string; readonly does: string }[];
  readonly bodies: readonly ObjectReference[];
  readonly faultRule: ObjectReference;
  /** Faults that every site has. */
  readonly faults: readonly ObjectReference[];
  readonly sites: readonly SiteReference[];
}

/**
 * Builds the reference.
 * @param others the same sites with another seed and another clock: a default that both have is always the same
 */
export function referenceOf(
  options: Value<object>,
  sites: readonly Site[],
  others: readonly Site[],
): EmulatorReference {
  const [someSite] = sites;
  if (someSite === undefined) {
    throw new Error("an emulator has sites");
  }
  const faultsOf = (site: Site): ObjectReference[] =>
    [...(site.faults.rule.members?.get("fault")?.variants ?? [])].map(([kind, form]) =>
      objectOf(kind, form as Value<object>, true),
    );
  const common = new Set(
    faultsOf(someSite)
      .map(({ name }) => name)
      .filter((name) => sites.every((site) => faultsOf(site).some((fault) => fault.name === name))),
  );
  return {
    options: optionsOf(
      options,
      new Set(sites.flatMap((site) => site.control.switches.rows().map(({ name }) => name))),
    ),
    control: CONTROL_ROUTES.map(({ route, does }) => ({ route, does })),
    bodies: CONTROL_ROUTES.flatMap(({ route, body, query }) =>
      [body, query].flatMap((value) => (value === undefined ? [] : [objectOf(route, value)])),
    ),
    faultRule: objectOf("rule", someSite.faults.rule),
    faults: faultsOf(someSite).filter(({ name }) => common.has(name)),
    sites: sites.map((site, i) => ({
      name: site.name,
      faults: faultsOf(site).filter(({ name }) => !common.has(name)),
      kinds: Object.entries(site.control.tables).map(([kind, table]) => kindOf(kind, table, others[i])),
      actions: Object.entries(site.control.actions).map(([name, { input }]) => objectOf(name, input)),
    })),
  };
}

/** The options, and those of each part in an object of their own; switches have tables of their own. */
function optionsOf(options: Value<object>, switches: ReadonlySet<string>, path = ""): ObjectReference[] {
  const members = [...(options.members ?? [])].filter(([name]) => path === "" || !switches.has(name));
  const nested = members.flatMap(([name, member]) =>
    member.members === undefined ? [] : optionsOf(member as Value<object>, switches, `${path}${name}.`),
  );
  const name = path === "" ? "start" : path.slice(0, -1);
  const rows = members.map(([member, value]) => rowOf(member, value, value.members !== undefined));
  return [{ name, meaning: options.meaning, members: rows }, ...nested];
}

/** @param isForm one of several forms: its `kind` is the name */
function objectOf(name: string, value: Value<object>, isForm = false): ObjectReference {
  return {
    name,
    meaning: value.meaning,
    members: [...(value.members ?? [])]
      .filter(([member]) => !isForm || member !== "kind")
      .map(([member, taken]) => rowOf(member, taken)),
  };
}

/** A kind of objects, with what a row has that is added without a word. */
function kindOf(kind: string, table: ControlTable, other: Site | undefined): ObjectReference {
  const added = new Map<string, unknown>(Object.entries(table.add({})));
  const again = new Map<string, unknown>(Object.entries(other?.control.tables[kind]?.add({}) ?? {}));
  const { members } = objectOf(kind, table.members);
  return {
    name: kind,
    meaning: table.noun,
    members: members.map((row) => {
      const value = added.get(row.name);
      const isFixed = value !== undefined && JSON.stringify(value) === JSON.stringify(again.get(row.name));
      return isFixed ? { ...row, default: value } : row;
    }),
  };
}

function rowOf(name: string, value: Value<unknown>, isShort = false): MemberRow {
  return {
    name,
    takes: isShort ? "object" : value.words,
    isRequired: !value.isOptional,
    meaning: value.meaning,
  };
}
