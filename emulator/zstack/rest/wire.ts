/** Class names of answers by object, for the `schema` member (section 12.6). */
const classes = new WeakMap<object, string>();

/** Says which class of the server an object in an answer stands for. */
export function ofClass<T extends object>(name: string, value: T): T {
  classes.set(value, name);
  return value;
}

/** JSON as the server writes it: members without a value left out, `<>&='` and the two line separators escaped (12.9). */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&='\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The `schema` of an answer: path → class for every object that is present and has one (section 12.6). */
export function schemaOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  const schema: Record<string, string> = {};
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) {
      node.forEach((item, i) => {
        visit(item, `${path}[${String(i)}]`);
      });
      return;
    }
    if (typeof node !== "object" || node === null) {
      return;
    }
    const name = classes.get(node);
    if (name !== undefined && path !== "") {
      schema[path] = name;
    }
    for (const [key, member] of Object.entries(node)) {
      visit(member, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(value, "");
  return schema;
}
