/** The JWT profile of a schema. Times in seconds; null means that ORDS's own setting counts. */
export interface Profile {
  readonly issuer: string;
  readonly audience: string;
  readonly jwkUrl: string;
  readonly description: string | null;
  readonly allowedSkew: number | null;
  readonly allowedAge: number | null;
  /** JSON Pointer to the claim that holds roles; null for a scope-based profile. */
  readonly roleClaim: string | null;
}

/** A profile as the database shows it: undefined is a value for which the view has no column, so it cannot be compared. */
export type SeenProfile = { readonly [Key in keyof Profile]: Profile[Key] | undefined };

/** An ORDS privilege with all that it protects; the lists are sets, kept sorted. */
export interface Privilege {
  readonly name: string;
  readonly label: string | null;
  readonly description: string | null;
  readonly comments: string | null;
  readonly roles: readonly string[];
  readonly modules: readonly string[];
  readonly patterns: readonly string[];
}

/** What the schema must hold. */
export interface Desired {
  readonly schema: string;
  readonly stack: string;
  readonly profile: Profile;
  readonly privileges: readonly Privilege[];
}

/** A module of the schema. */
export interface Module {
  readonly name: string;
  /** Relative to the schema's base path, for example `/hello/`. */
  readonly basePath: string;
  readonly comments: string | null;
  /** As they are published, relative to the base path: `me`, `employees/:id`. */
  readonly templates: readonly string[];
}

/** What a schema holds now, and how this session may change it. */
export interface Actual {
  /** As `ords.installed_version` gives it. */
  readonly ordsVersion: string;
  readonly schema: string;
  /** Who is logged in: the schema itself, or an administrator. */
  readonly user: string;
  /** Base path of the schema below `/ords`, or null when it is not REST-enabled. */
  readonly basePath: string | null;
  readonly profile: SeenProfile | null;
  readonly privileges: readonly Privilege[];
  readonly modules: readonly Module[];
  readonly roles: readonly string[];
}

/** What of a schema is answered, beyond what a plan needs to know. */
export interface Served {
  /** Methods of the handlers by module, and there by template as it is published. */
  readonly methods: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** Modules that are not published: ORDS does not answer there. */
  readonly unpublished: ReadonlySet<string>;
  /** Tables, views and program units enabled for AutoREST, or why they cannot be read. */
  readonly objects: readonly AutoRestObject[] | { readonly unread: string };
}

export interface AutoRestObject {
  readonly name: string;
  /** Relative to the schema's base path: `/emp/`. */
  readonly path: string;
  /** Whether ORDS itself asks for authentication; undefined when the view does not say. */
  readonly isProtected: boolean | undefined;
}

/** The packages that a run calls. */
export interface Packages {
  readonly ords: "ORDS" | "ORDS_ADMIN";
  readonly security: "ORDS_SECURITY" | "OAUTH" | "ORDS_SECURITY_ADMIN";
  /** Passed as `p_schema` to the packages of an administrator; undefined when the session's own schema is meant. */
  readonly schema?: string;
}
