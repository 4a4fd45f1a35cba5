// @ts-check
// What things mean: the JSDoc comments of arguments, outputs, settings and components, read from the TypeScript sources. What they are
// (types, limits, defaults) is data in the compiled package.

import path from "node:path";
import ts from "typescript";
import { UserError } from "./processes.mjs";
import { ROOT } from "./setup.mjs";

/** @typedef {{ name: string, type: string, isRequired: boolean, comment: string }} Member */

/** What the TypeScript sources say about the public surface, `provider/index.ts`. */
export class Sources {
  constructor() {
    const file = path.join(ROOT, "tsconfig.json");
    const { config } = ts.readConfigFile(file, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const entry = path.join(ROOT, "provider", "index.ts");
    const program = ts.createProgram([entry], options);
    this.program = program;
    this.checker = program.getTypeChecker();
    const surface = program.getSourceFile(entry);
    if (surface === undefined) {
      throw new UserError(`${entry} cannot be read.`);
    }
    this.surface = surface;
    this.exports = new Map(
      this.checker
        .getExportsOfModule(required(this.checker.getSymbolAtLocation(surface), "provider/index.ts"))
        .map((symbol) => [symbol.name, this.resolved(symbol)]),
    );
  }

  /**
   * The comments of a resource's field table.
   * @param {string} cloud
   * @param {string} resource
   */
  fieldsOf(cloud, resource) {
    return this.commentsOf(cloud, resource, "fields");
  }

  /**
   * The comments of a resource's outputs.
   * @param {string} cloud
   * @param {string} resource
   */
  outputsOf(cloud, resource) {
    return this.commentsOf(cloud, resource, "outputs");
  }

  /**
   * @param {string} cloud
   * @param {string} resource
   * @param {"fields" | "outputs"} member
   * @returns {Map<string, string>}
   */
  commentsOf(cloud, resource, member) {
    const where = `${cloud}.${resource}`;
    const module = required(this.program.getSourceFile(definitionsFile(cloud)), definitionsFile(cloud));
    const [all] = this.checker.getExportsOfModule(required(this.checker.getSymbolAtLocation(module), cloud));
    const definition = this.typeOf(required(this.typeOf(required(all, cloud)).getProperty(resource), where));
    const entries = this.typeOf(required(definition.getProperty(member), `${where}.definition.${member}`));
    return new Map(entries.getProperties().map((entry) => [entry.name, this.commentOf(entry)]));
  }

  /**
   * The members of a component's arguments.
   * @param {string} cloud
   * @param {string} component
   */
  argumentsOf(cloud, component) {
    const args = this.checker.getDeclaredTypeOfSymbol(this.exportOf(cloud, `${component}Args`));
    return args.getProperties().map((member) => this.memberOf(member));
  }

  /**
   * The public properties that a component itself declares.
   * @param {string} cloud
   * @param {string} component
   */
  propertiesOf(cloud, component) {
    const symbol = this.exportOf(cloud, component);
    return this.checker
      .getDeclaredTypeOfSymbol(symbol)
      .getProperties()
      .filter(({ declarations, flags }) => {
        const isOwn = declarations?.[0]?.parent === symbol.declarations?.[0];
        return isOwn && (flags & ts.SymbolFlags.Property) !== 0;
      })
      .map((member) => this.memberOf(member));
  }

  /**
   * @param {import("typescript").Symbol} member
   * @returns {Member}
   */
  memberOf(member) {
    const declaration = /** @type {import("typescript").PropertySignature} */ (member.declarations?.[0]);
    const type = required(declaration.type, `the type of ${member.name}`).getText().replace(/\s+/g, " ");
    return {
      name: member.name,
      // A reader looks for what to write, not for how TypeScript says that it cannot change.
      type: type.replace(/ \| undefined$/, "").replace(/Readonly<\s*((?:Partial<)?Record<.*>)\s*>$/, "$1"),
      isRequired: (member.flags & ts.SymbolFlags.Optional) === 0,
      comment: this.commentOf(member),
    };
  }

  /**
   * @param {string} cloud
   * @param {string} name
   */
  exportOf(cloud, name) {
    const module = required(this.exports.get(cloud), cloud);
    const found = this.checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
    return this.resolved(required(found, `${cloud}.${name}`));
  }

  /**
   * The comments of a table's entries.
   * @param {string} file below provider/
   * @param {string} name under which the file exports it
   */
  entriesOf(file, name) {
    const source = required(this.program.getSourceFile(path.join(ROOT, "provider", file)), file);
    const exported = this.checker.getExportsOfModule(
      required(this.checker.getSymbolAtLocation(source), file),
    );
    const entries = required(
      exported.find((symbol) => symbol.name === name),
      `${name} in ${file}`,
    );
    return new Map(
      this.typeOf(entries)
        .getProperties()
        .map((entry) => [entry.name, this.commentOf(entry)]),
    );
  }

  /** @param {import("typescript").Symbol} symbol */
  resolved(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** @param {import("typescript").Symbol} symbol */
  typeOf(symbol) {
    return this.checker.getTypeOfSymbolAtLocation(symbol, this.surface);
  }

  /** @param {import("typescript").Symbol} symbol */
  commentOf(symbol) {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
  }
}

/**
 * @template T
 * @param {T | undefined} value
 * @param {string} what
 * @returns {T}
 */
export function required(value, what) {
  if (value === undefined) {
    throw new UserError(`The sources do not declare ${what}.`);
  }
  return value;
}

/** @param {string} cloud */
function definitionsFile(cloud) {
  return path.join(ROOT, "provider", cloud, "definitions.ts");
}
