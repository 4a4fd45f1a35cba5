import type { FieldTable } from "../fields/fields";
import { converge, goneError } from "./converge";
import type { Connection, Context, Existing } from "./definition";

/**
 * The lifecycle of an object with properties, whatever cloud it lives in: create finds it or makes it, every change looks first and reads
 * back afterwards, and a delete is sent only for what was seen. A cloud says how each step is done in an {@link ObjectKind}.
 */

/** The object that a create found, or made. */
export interface Ensured<Live, State> {
  readonly id: string;
  /** What is known of it. Recorded as it is where the object cannot be read again. */
  readonly known: State;
  /** What the service showed of it a moment ago, where it did: then it is not looked for again. */
  readonly live?: Live | undefined;
}

/**
 * What a look is for, and so how old it may be. `"read"`: some seconds, if this process has changed nothing since. `"delete"`: some
 * seconds, whatever has been changed since: what was seen there is known to belong to this connection. `"change"`: it is of now.
 */
export type Purpose = "read" | "change" | "delete";

/** How the steps are done for one kind of object. */
export interface ObjectKind<C extends Connection, Live, Inputs extends object, State extends Inputs> {
  /** For example "ZStack": who accepted a change without keeping it. */
  readonly service: string;
  /** For example "DingTalk endpoint". */
  readonly noun: string;
  readonly fields: FieldTable;
  /** Inputs that the service may not show, or not in full: what was written last is then taken for what it has. */
  readonly unshown: readonly (keyof Inputs & keyof State & string)[];
  /** Finds the object that the resource stands for, or makes it. */
  ensure(ctx: Context<C>, inputs: Inputs): Promise<Ensured<Live, State>>;
  /** The live object. Throws where that it is not seen proves nothing. */
  look(ctx: Context<C>, id: string, purpose: Purpose): Promise<Live | undefined>;
  /** The live object as it is after whatever was just tried. */
  lookAgain(ctx: Context<C>, id: string): Promise<Live | undefined>;
  /** The state of a live object. `known` is what was recorded, or is declared; what is looked for besides is as young as the purpose needs. */
  stateOf(ctx: Context<C>, live: Live, known: Partial<State>, purpose: Purpose): Promise<State>;
  /** Changes what differs; gives what the service shows afterwards, where the change has seen it. */
  change(
    ctx: Context<C>,
    id: string,
    live: Live,
    recorded: Partial<State>,
    inputs: Inputs,
  ): Promise<Live | undefined>;
  /** What a read after a change must know besides what is declared. */
  alsoKnown?(recorded: Partial<State>, inputs: Inputs): Partial<State>;
  /** Told what the service shows after a change that succeeded. */
  learn?(ctx: Context<C>, live: Live, inputs: Inputs): void;
  delete(ctx: Context<C>, id: string): Promise<void>;
}

/** The four functions of a `ResourceDefinition`. */
export interface ObjectLifecycle<C extends Connection, Inputs, State> {
  create(ctx: Context<C>, inputs: Inputs): Promise<Existing<State>>;
  read(ctx: Context<C>, id: string, recorded: Partial<State>): Promise<State | undefined>;
  update(ctx: Context<C>, id: string, recorded: Partial<State>, inputs: Inputs): Promise<State>;
  delete(ctx: Context<C>, id: string): Promise<void>;
}

/** The lifecycle of one kind of object. */
export function objectLifecycle<C extends Connection, Live, Inputs extends object, State extends Inputs>(
  kind: ObjectKind<C, Live, Inputs, State>,
): ObjectLifecycle<C, Inputs, State> {
  type Ctx = Context<C>;

  async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>> {
    const found = await kind.ensure(ctx, inputs);
    // From here on the object exists, so whatever happens its id must not be lost.
    return { id: found.id, state: await sync(ctx, found.id, found.known, inputs, found) };
  }

  async function read(ctx: Ctx, id: string, recorded: Partial<State>): Promise<State | undefined> {
    const live = await kind.look(ctx, id, "read");
    return live === undefined ? undefined : kind.stateOf(ctx, live, recorded, "read");
  }

  function update(ctx: Ctx, id: string, recorded: Partial<State>, inputs: Inputs): Promise<State> {
    return sync(ctx, id, recorded, inputs);
  }

  async function remove(ctx: Ctx, id: string): Promise<void> {
    // Services take a delete of an unknown id for a success, so the object must be seen where the connection points.
    if ((await kind.look(ctx, id, "delete")) !== undefined) {
      await kind.delete(ctx, id);
    }
  }

  /** Brings the object to what is declared; see `converge`. `found` is what a create has just found or made. */
  function sync(
    ctx: Ctx,
    id: string,
    recorded: Partial<State>,
    inputs: Inputs,
    found?: Ensured<Live, State>,
  ): Promise<State> {
    let after: Live | undefined;
    return converge({
      service: kind.service,
      id,
      fields: kind.fields,
      inputs: inputs as Readonly<Record<string, unknown>>,
      assumed: found?.known,
      change: async () => {
        const live = found?.live ?? (await kind.look(ctx, id, "change"));
        if (live === undefined) {
          throw goneError(kind.noun, id);
        }
        after = await kind.change(ctx, id, live, recorded, inputs);
      },
      readBack: async (changed) => {
        const live = after ?? (await kind.lookAgain(ctx, id));
        if (live === undefined) {
          return undefined;
        }
        if (changed) {
          kind.learn?.(ctx, live, inputs);
        }
        const known = {
          ...(inputs as Partial<State>),
          // Of what is not shown: what was just written, or what was recorded before.
          ...unshownIn(changed ? inputs : recorded),
          ...kind.alsoKnown?.(recorded, inputs),
        };
        return kind.stateOf(ctx, live, known, "change");
      },
      gone: () => goneError(kind.noun, id),
    });
  }

  function unshownIn(values: Partial<State>): Partial<State> {
    return Object.fromEntries(kind.unshown.map((name) => [name, values[name]])) as Partial<State>;
  }

  return { create, read, update, delete: remove };
}

/** `known` without the values that an object of unknown past may have otherwise where they are not shown. */
export function withoutUnshown<State extends object>(
  known: State,
  unshown: readonly (keyof State & string)[],
): State {
  return { ...known, ...Object.fromEntries(unshown.map((name) => [name, undefined])) };
}
