import type { Value } from "../database";
import { dbmsOutput } from "./dbms-output";
import { dbmsSession } from "./dbms-session";
import { dbmsTransaction } from "./dbms-transaction";
import { ordsAdminPackage, ordsPackage } from "./ords-package";
import { jwtProfilePackages } from "./ords-security-package";
import type { SessionContext } from "./session-context";
import { type Collection, toNumber, toText } from "./values";

export interface Parameter {
  readonly name: string;
  readonly type: "VARCHAR2" | "CLOB" | "NUMBER" | "BOOLEAN" | "OWA.VC_ARR";
  /** Makes the parameter optional. */
  readonly default?: Value;
  readonly out?: boolean;
}

/** A procedure, or a function when it `returns` something. Several of one name are overloads. */
export interface Subprogram {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns?: { readonly type: "VARCHAR2"; readonly size: number };
  run(given: Arguments, session: SessionContext): Value;
}

export interface Package {
  readonly owner: "ORDS_METADATA" | "SYS";
  readonly name: string;
  readonly subprograms: readonly Subprogram[];
  readonly constants?: Readonly<Record<string, string>>;
}

/** What a call passes, by parameter name and converted to the parameter's type. */
export class Arguments {
  constructor(
    private readonly values: ReadonlyMap<string, Value | Collection>,
    private readonly targets: ReadonlyMap<string, (value: Value) => void>,
  ) {}

  text(name: string): string | null {
    return toText(this.value(name));
  }

  number(name: string) {
    return toNumber(this.value(name), true);
  }

  flag(name: string): boolean | null {
    return this.value(name) as boolean | null;
  }

  /** `undefined` when this overload has no such parameter. */
  list(name: string): (string | null)[] | undefined {
    const collection = this.values.get(name) as Collection | undefined;
    return collection && [...collection.values()];
  }

  assign(name: string, value: Value): void {
    this.targets.get(name)!(value);
  }

  private value(name: string): Value {
    return this.values.get(name) as Value;
  }
}

/** The packages that one session sees: what ORDS_METADATA grants depends on the version and on its roles. */
export class PackageCatalog {
  private readonly packages: Package[];

  constructor({ database, roles }: SessionContext) {
    const { ords } = database;
    const administrator = roles.includes("ORDS_ADMINISTRATOR_ROLE");
    this.packages = [dbmsOutput, dbmsSession, dbmsTransaction];
    if (ords) {
      this.packages.push(ordsPackage(ords), ...(administrator ? [ordsAdminPackage] : []));
      this.packages.push(...jwtProfilePackages(ords, administrator));
    }
  }

  /** `[package, member]` or `[owner, package, member]`; public synonyms make the first one work. */
  find(path: string[]): { package: Package; member: string } | undefined {
    const [member, name, owner, ...rest] = [...path].reverse();
    if (member === undefined || name === undefined || rest.length > 0) return undefined;
    const found = this.packages.find((each) => each.name === name && (owner === undefined || each.owner === owner));
    return found && { package: found, member };
  }
}
