import type { Table } from "../frame/table";
import { DELIVERY_PARTS } from "./delivery";
import { KINDS } from "./kinds";
import { REST_PARTS } from "./rest";
import type { Operation } from "./rest/operation";
import type { RowOf } from "./rest/store";
import { switchesOf } from "./switches";

/** Everything that the emulated node is put together from. */
export const PARTS = [...KINDS, ...DELIVERY_PARTS, ...REST_PARTS] as const;

/** Every call that it knows, for all versions. */
export const OPERATIONS: readonly Operation[] = PARTS.flatMap(({ operations }) => operations);

/** Every quirk and every unknown that can be set either way. */
export const ZSTACK_SWITCHES = switchesOf(OPERATIONS.map(({ name }) => name));

type Spec = (typeof PARTS)[number]["tables"][number];

/** The tables that tests and the control address see, by name. */
export type Tables = { readonly [S in Spec as S["name"]]: Table<RowOf<S>> };
