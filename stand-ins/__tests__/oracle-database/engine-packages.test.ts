import { block, database, enabledHr, hr, prepare, refusal, rows } from "./engine-fixture";

const arrays = (roles: string[], patterns: string[], modules: string[]) =>
  Object.entries({ l_roles: roles, l_patterns: patterns, l_modules: modules })
    .flatMap(([name, list]) => list.map((element, i) => `${name}(${i + 1}) := '${element}';`))
    .join(" ");

function definePrivilege(
  session: ReturnType<typeof hr>,
  name: string,
  {
    roles = [],
    patterns = [],
    modules = [],
    rest = "",
  }: { roles?: string[]; patterns?: string[]; modules?: string[]; rest?: string } = {},
): void {
  session.execute(
    `DECLARE l_roles owa.vc_arr; l_patterns owa.vc_arr; l_modules owa.vc_arr;
     BEGIN ${arrays(roles, patterns, modules)}
       ords.define_privilege(p_privilege_name => :name, p_roles => l_roles, p_patterns => l_patterns, p_modules => l_modules${rest});
     END;`,
    [name],
  );
}

/** Roles, patterns and modules of all privileges but those that ENABLE_SCHEMA makes. */
function protections(session: ReturnType<typeof hr>) {
  return rows(
    session,
    `SELECT * FROM (SELECT name, 'pattern', pattern FROM user_ords_privilege_mappings
     UNION SELECT privilege_name, 'role', role_name FROM user_ords_privilege_roles
     UNION SELECT privilege_name, 'module', module_name FROM user_ords_privilege_modules)
     WHERE name NOT LIKE 'oracle.%' ORDER BY 1, 2, 3`,
  );
}

const profile = (rest = "") =>
  `ords_security.create_jwt_profile(p_issuer => 'https://i/', p_audience => 'a/', p_jwk_url => 'https://d/jwk'${rest});`;

describe("ENABLE_SCHEMA", () => {
  test("everything else is refused until the schema is enabled", () => {
    const session = hr();
    for (const call of [
      "ords.define_module('m', '/m/');",
      "ords.delete_module('m');",
      "ords.create_role('r');",
      "ords.define_privilege('p', owa.vc_arr());",
      "ords_security.delete_jwt_profile;",
      profile(),
    ]) {
      expect(refusal(() => block(session, call))).toBe("ORA-20012: Schema not REST enabled : HR");
    }
    expect(rows(session, "SELECT * FROM user_ords_schemas")).toEqual([]);
  });

  test("the pattern stays while the schema is enabled and may change once it is disabled", () => {
    const session = enabledHr();
    block(session, "ords.enable_schema(p_url_mapping_pattern => 'hr');");
    const change = "ords.enable_schema(p_url_mapping_pattern => 'people');";
    expect(refusal(() => block(session, change))).toMatch(/^ORA-20049: Cannot alter the url mapping/);
    block(session, "ords.enable_schema(p_enabled => FALSE);");
    expect(refusal(() => block(session, "ords.create_role('x');"))).toMatch(/^ORA-20012/);
    block(session, change);
    expect(rows(session, "SELECT pattern, status FROM user_ords_schemas")).toEqual([["people", "ENABLED"]]);
    expect(rows(session, "SELECT name FROM user_ords_modules")).toEqual([["m1"]]);
  });

  test("the pattern may have several segments", () => {
    const session = hr();
    block(session, "ords.enable_schema(p_url_mapping_pattern => 'people/v1.0');");
    expect(rows(session, "SELECT pattern FROM user_ords_schemas")).toEqual([["people/v1.0"]]);
  });

  test("refuses another schema, an unknown mapping type, a bad pattern and one that is taken", () => {
    const shared = database();
    const session = shared.openSession("HR");
    prepare(session);
    expect(refusal(() => block(session, "ords.enable_schema(p_schema => 'SH');"))).toMatch(/^ORA-01031/);
    expect(refusal(() => block(session, "ords.enable_schema(p_url_mapping_type => 'BASE_URL');"))).toMatch(
      /^ORA-20101/,
    );
    const other = shared.openSession("SH");
    for (const bad of ["a b", "/a", "a/", "a//b"]) {
      expect(refusal(() => block(other, `ords.enable_schema(p_url_mapping_pattern => '${bad}');`))).toMatch(
        /^ORA-20101/,
      );
    }
    expect(refusal(() => block(other, "ords.enable_schema(p_url_mapping_pattern => 'hr');"))).toMatch(/^ORA-00001/);
    expect(refusal(() => block(other, "ords.enable_schema(p_enabled => NULL);"))).toMatch(/^ORA-20101/);
  });

  test("a schema may name itself, whatever the current schema is", () => {
    const session = hr();
    session.execute("ALTER SESSION SET CURRENT_SCHEMA = sh", []);
    block(session, "ords.enable_schema(p_schema => USER); ords.create_role('r');");
    expect(rows(session, "SELECT parsing_schema FROM user_ords_schemas")).toEqual([["HR"]]);
    expect(rows(session, "SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') FROM dual")).toEqual([["SH"]]);
    expect(refusal(() => session.execute("ALTER SESSION SET CURRENT_SCHEMA = nope", []))).toMatch(/^ORA-01435/);
  });

  test("makes the roles and privileges of AutoREST and SODA, once, as exports of enabled schemas hold them", () => {
    const session = enabledHr();
    const made = () => [
      rows(session, "SELECT name FROM user_ords_roles WHERE name LIKE 'oracle.%' ORDER BY 1"),
      rows(session, "SELECT privilege_name, role_name FROM user_ords_privilege_roles ORDER BY 1, 2"),
      rows(session, "SELECT name, pattern FROM user_ords_privilege_mappings ORDER BY 1, 2"),
    ];
    const expected = (patterns: string[][]) => [
      [["oracle.dbtools.role.autorest.HR"], ["oracle.dbtools.role.autorest.any.HR"]],
      [
        ["oracle.dbtools.autorest.privilege.HR", "oracle.dbtools.autorest.any.schema"],
        ["oracle.dbtools.autorest.privilege.HR", "oracle.dbtools.role.autorest.HR"],
        ["oracle.soda.privilege.developer", "SODA Developer"],
      ],
      [...patterns, ["oracle.soda.privilege.developer", "/soda/*"]],
    ];
    const catalog = ["oracle.dbtools.autorest.privilege.HR", "/metadata-catalog/*"];
    expect(made()).toEqual(expected([catalog]));
    block(session, "ords.enable_schema(p_auto_rest_auth => FALSE);");
    expect(made()).toEqual(expected([]));
    block(session, "ords.enable_schema(p_enabled => FALSE); ords.enable_schema(p_auto_rest_auth => TRUE);");
    expect(made()).toEqual(expected([catalog]));
    // What exports of Oracle's tools do.
    session.execute(
      `DECLARE l_roles owa.vc_arr; l_patterns owa.vc_arr; BEGIN
         ords.create_role(p_role_name => 'oracle.dbtools.role.autorest.HR');
         l_roles(1) := 'SODA Developer'; l_patterns(1) := '/soda/*';
         ords.define_privilege('oracle.soda.privilege.developer', l_roles, l_patterns);
       END;`,
      [],
    );
    expect(made()).toEqual(expected([catalog]));
  });

  test("ENABLE_OBJECT shows the object, and protects it when it asks for authentication", () => {
    const session = enabledHr();
    block(session, "ords.enable_object(p_object => 'EMP', p_object_alias => 'staff', p_auto_rest_auth => TRUE);");
    block(session, "ords.enable_object(p_object => 'DEPT', p_object_type => 'VIEW');");
    const objects =
      "SELECT parsing_object, object_alias, type, status, auto_rest_auth FROM user_ords_enabled_objects ORDER BY 1";
    expect(rows(session, objects)).toEqual([
      ["DEPT", "dept", "VIEW", "ENABLED", "DISABLED"],
      ["EMP", "staff", "TABLE", "ENABLED", "ENABLED"],
    ]);
    const patterns = "SELECT name, pattern FROM user_ords_privilege_mappings WHERE name LIKE '%.HR.%' ORDER BY 2";
    expect(rows(session, patterns)).toEqual([
      ["oracle.dbtools.autorest.privilege.HR.EMP", "/metadata-catalog/staff/*"],
      ["oracle.dbtools.autorest.privilege.HR.EMP", "/staff/*"],
    ]);
    block(session, "ords.enable_object(p_enabled => FALSE, p_object => 'EMP', p_object_alias => 'staff');");
    expect(rows(session, patterns)).toEqual([]);
    expect(refusal(() => block(session, "ords.enable_object(p_object => 'X', p_object_alias => 'staff');"))).toMatch(
      /^ORA-00001.*ORDS_OBJECT_ALIASES_UC/,
    );
    expect(refusal(() => block(session, "ords.enable_object(p_object => 'X', p_object_type => 'INDEX');"))).toMatch(
      /^ORA-20101/,
    );
    expect(refusal(() => block(session, "ords.enable_object(p_schema => 'SH', p_object => 'X');"))).toMatch(
      /^ORA-01031/,
    );
    block(session, "ords.drop_rest_for_schema; ords.enable_schema;");
    expect(rows(session, objects)).toEqual([]);
  });

  test("DROP_REST_FOR_SCHEMA leaves nothing behind", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { roles: ["r1"], patterns: ["/x"], modules: ["m1"] });
    block(session, `${profile()} ords.drop_rest_for_schema;`);
    for (const view of ["schemas", "modules", "privileges", "roles", "jwt_profile", "privilege_mappings"]) {
      expect(rows(session, `SELECT * FROM user_ords_${view}`)).toEqual([]);
    }
    expect(refusal(() => block(session, "ords.drop_rest_for_schema;"))).toMatch(/^ORA-20012/);
  });
});

describe("DEFINE_PRIVILEGE", () => {
  test("has three forms, each with label, description and comments", () => {
    const session = enabledHr();
    session.execute(
      `DECLARE l_roles owa.vc_arr; l_more owa.vc_arr;
       BEGIN l_roles(1) := 'r1'; l_more(1) := '/x/*';
         ords.define_privilege('one', l_roles);
         ords.define_privilege('two', l_roles, l_more, p_label => 'L');
         l_more(1) := 'm1';
         ords.define_privilege('three', l_roles, owa.vc_arr(), l_more, 'L', 'D', 'C');
       END;`,
      [],
    );
    expect(
      rows(
        session,
        "SELECT name, label, description, comments FROM user_ords_privileges WHERE name NOT LIKE 'oracle.%' ORDER BY name",
      ),
    ).toEqual([
      ["one", null, null, null],
      ["three", "L", "D", "C"],
      ["two", "L", null, null],
    ]);
    expect(protections(session)).toEqual([
      ["one", "role", "r1"],
      ["three", "module", "m1"],
      ["three", "role", "r1"],
      ["two", "pattern", "/x/*"],
      ["two", "role", "r1"],
    ]);
  });

  test("a second call replaces everything but the id", () => {
    const session = enabledHr();
    definePrivilege(session, "p", {
      roles: ["r1"],
      patterns: ["/a", "/b"],
      modules: ["m1"],
      rest: ", p_label => 'old'",
    });
    const id = rows(session, "SELECT id FROM user_ords_privileges");
    definePrivilege(session, "p", { patterns: ["/c"] });
    expect(protections(session)).toEqual([["p", "pattern", "/c"]]);
    expect(rows(session, "SELECT id FROM user_ords_privileges")).toEqual(id);
    expect(rows(session, "SELECT label FROM user_ords_privileges WHERE name = 'p'")).toEqual([[null]]);
  });

  test.each([
    ["an unknown role", "p", { roles: ["nope"] }, /^ORA-20102: Role not found : nope/],
    ["an unknown module", "p", { modules: ["M1"] }, /^ORA-20102: Module not found : M1/],
    ["a pattern without leading slash", "p", { patterns: ["x/*"] }, /^ORA-20101/],
    ["a pattern with a space", "p", { patterns: ["/x y"] }, /^ORA-20101/],
    ["an empty pattern", "p", { patterns: [""] }, /^ORA-01400/],
    ["a pattern given twice", "p", { patterns: ["/x", "/x"] }, /^ORA-00001/],
    ["a name with a space", "my privilege", {}, /^ORA-20101/],
    ["a name of ORDS itself", "oracle.dbtools.autorest.any.schema", {}, /^ORA-20103/],
    ["no name", "", {}, /^ORA-01400/],
    ["a name that is too long", "p".repeat(256), {}, /^ORA-12899: value too large.*actual: 256, maximum: 255/],
  ])("refuses %s, and then has changed nothing", (_, name, parts, error) => {
    const session = enabledHr();
    definePrivilege(session, "p", { roles: ["r1"], patterns: ["/old"] });
    expect(refusal(() => definePrivilege(session, name, { patterns: ["/new"], ...parts }))).toMatch(error);
    expect(protections(session)).toEqual([
      ["p", "pattern", "/old"],
      ["p", "role", "r1"],
    ]);
  });

  test("ORDS's own roles may be granted and belong to no schema", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { roles: ["SQL Developer"] });
    expect(protections(session)).toEqual([["p", "role", "SQL Developer"]]);
    expect(rows(session, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%'")).toEqual([["r1"]]);
  });
});

describe("privileges", () => {
  test("mappings are added and removed one by one", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { patterns: ["/a"] });
    session.execute(
      "DECLARE l owa.vc_arr; BEGIN l(1) := '/c'; ords.create_privilege_mapping('p', '/b'); ords.create_privilege_mapping(p_privilege_name => 'p', p_patterns => l); ords.delete_privilege_mapping('p', '/a'); END;",
      [],
    );
    expect(protections(session)).toEqual([
      ["p", "pattern", "/b"],
      ["p", "pattern", "/c"],
    ]);
    expect(refusal(() => block(session, "ords.delete_privilege_mapping('p', '/a');"))).toMatch(/^ORA-20102/);
    expect(refusal(() => block(session, "ords.create_privilege_mapping('p', '/b');"))).toMatch(/^ORA-00001/);
    expect(refusal(() => block(session, "ords.create_privilege_mapping('nope', '/b');"))).toMatch(/^ORA-20102/);
  });

  test("CREATE_PRIVILEGE takes one role or several, and no second one of its name", () => {
    const session = enabledHr();
    block(session, "ords.create_privilege('p', 'r1', p_label => 'One', p_description => 'One role');");
    block(session, "ords.create_privilege(p_name => 'q', p_roles => owa.vc_arr(1 => 'r1', 2 => 'SQL Developer'));");
    expect(
      rows(
        session,
        "SELECT privilege_name, role_name FROM user_ords_privilege_roles WHERE privilege_name NOT LIKE 'oracle.%' ORDER BY 1, 2",
      ),
    ).toEqual([
      ["p", "r1"],
      ["q", "SQL Developer"],
      ["q", "r1"],
    ]);
    expect(rows(session, "SELECT label, description FROM user_ords_privileges WHERE name = 'p'")).toEqual([
      ["One", "One role"],
    ]);
    expect(refusal(() => block(session, "ords.create_privilege('p', 'r1');"))).toMatch(/^ORA-00001/);
    expect(refusal(() => block(session, "ords.create_privilege('x', 'nope');"))).toMatch(/^ORA-20102: Role/);
    expect(refusal(() => block(session, "ords.create_privilege('x', NULL);"))).toMatch(/^ORA-20102: Role/);
  });

  test("what a privilege has tells who made it and when", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { roles: ["r1"], modules: ["m1"], patterns: ["/a"] });
    for (const view of ["roles", "modules", "mappings"]) {
      const [made] = rows(
        session,
        `SELECT x.created_by, x.created_on, x.updated_by, x.updated_on FROM user_ords_privilege_${view} x
         JOIN user_ords_privileges p ON p.id = x.privilege_id WHERE p.name = 'p'`,
      );
      expect(made).toEqual(["HR", expect.any(Date), null, null]);
    }
  });

  test("SET_MODULE_PRIVILEGE protects a module, once", () => {
    const session = enabledHr();
    definePrivilege(session, "p");
    block(session, "ords.set_module_privilege('m1', 'p'); ords.set_module_privilege('m1', 'p');");
    expect(protections(session)).toEqual([["p", "module", "m1"]]);
    expect(refusal(() => block(session, "ords.set_module_privilege('nope', 'p');"))).toMatch(/^ORA-20102: Module/);
    expect(refusal(() => block(session, "ords.set_module_privilege('m1', 'nope');"))).toMatch(/^ORA-20102: Privilege/);
  });

  test("DELETE_PRIVILEGE takes its mappings along; an unknown one is refused", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { roles: ["r1"], patterns: ["/a"], modules: ["m1"] });
    block(session, "ords.delete_privilege(p_name => 'p');");
    expect(protections(session)).toEqual([]);
    expect(refusal(() => block(session, "ords.delete_privilege('p');"))).toMatch(/^ORA-20102/);
  });

  test("a role may be created twice, is not deleted while granted, and is no built-in one", () => {
    const session = enabledHr();
    block(session, "ords.create_role('r1');");
    expect(rows(session, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%'")).toEqual([["r1"]]);
    definePrivilege(session, "p", { roles: ["r1"] });
    expect(refusal(() => block(session, "ords.delete_role('r1');"))).toMatch(/^ORA-02292/);
    block(session, "ords.delete_privilege('p'); ords.delete_role('r1');");
    expect(refusal(() => block(session, "ords.delete_role('r1');"))).toMatch(/^ORA-20102/);
    expect(refusal(() => block(session, "ords.create_role('SQL Developer');"))).toMatch(/^ORA-20103/);
    expect(refusal(() => block(session, "ords.delete_role('RESTful Services');"))).toMatch(/^ORA-20103/);
    expect(refusal(() => block(session, "ords.create_role(NULL);"))).toMatch(/^ORA-01400/);
  });
});

describe("modules", () => {
  test("templates and handlers are defined and overwritten", () => {
    const session = enabledHr();
    block(
      session,
      `ords.define_template('m1', 'x/:id');
      ords.define_handler('m1', 'x/:id', p_source => 'SELECT 1 FROM dual');
      ords.define_handler(p_module_name => 'm1', p_pattern => 'x/:id', p_source_type => ords.source_type_plsql, p_source => q'[BEGIN NULL; END;]');`,
    );
    const sql =
      "SELECT uri_template, method, source_type, source FROM user_ords_templates t JOIN user_ords_handlers h ON h.template_id = t.id";
    expect(rows(session, sql)).toEqual([["x/:id", "GET", "plsql/block", "BEGIN NULL; END;"]]);
  });

  test("USER_ORDS_SERVICES shows each handler with its module and template", () => {
    const session = enabledHr();
    block(
      session,
      "ords.define_template('m1', 'x/:id'); ords.define_handler('m1', 'x/:id', p_source => 'SELECT 1 FROM dual');",
    );
    const sql = `SELECT s.name, s.base_path, s.pattern, s.method FROM user_ords_services s
      JOIN user_ords_templates t ON t.id = s.template_id JOIN user_ords_modules m ON m.id = s.module_id`;
    expect(rows(session, sql)).toEqual([["m1", "/m1/", "x/:id", "GET"]]);
  });

  test("parameters are defined, overwritten, and go with their handler", () => {
    const session = enabledHr();
    const define =
      "ords.define_handler('m1', 'x/:id', 'POST', p_source_type => 'plsql/block', p_source => 'BEGIN NULL; END;');";
    const parameter = (more: string) => `ords.define_parameter('m1', 'x/:id', 'POST', 'X-Who'${more});`;
    block(session, `ords.define_template('m1', 'x/:id'); ${define} ${parameter(", 'who'")}`);
    block(session, parameter(", 'who', p_source_type => 'URI', p_param_type => 'INT', p_access_method => 'INOUT'"));
    const sql = `SELECT p.name, bind_variable_name, p.source_type, access_method, param_type
      FROM user_ords_parameters p JOIN user_ords_handlers h ON h.id = p.handler_id`;
    expect(rows(session, sql)).toEqual([["X-Who", "who", "URI", "INOUT", "INT"]]);
    expect(refusal(() => block(session, parameter(", p_access_method => 'UP'")))).toMatch(/^ORA-20101/);
    expect(refusal(() => block(session, "ords.define_parameter('m1', 'x/:id', 'GET', 'a');"))).toMatch(
      /^ORA-20102: Handler/,
    );
    expect(refusal(() => block(session, "ords.define_parameter('m1', 'y', 'GET', 'a');"))).toMatch(
      /^ORA-20102: Template/,
    );
    block(session, define);
    expect(rows(session, sql)).toEqual([]);
    block(session, `${parameter("")} ords.delete_module('m1');`);
    expect(rows(session, "SELECT * FROM user_ords_parameters")).toEqual([]);
  });

  test("PUBLISH_MODULE and SET_MODULE_ORIGINS_ALLOWED change a module", () => {
    const session = enabledHr();
    block(session, "ords.publish_module('m1', 'NOT_PUBLISHED'); ords.set_module_origins_allowed('m1', 'https://a');");
    expect(rows(session, "SELECT status, origins_allowed, updated_by FROM user_ords_modules")).toEqual([
      ["NOT_PUBLISHED", "https://a", "HR"],
    ]);
    block(session, "ords.set_module_origins_allowed('m1', '');");
    expect(rows(session, "SELECT origins_allowed FROM user_ords_modules")).toEqual([[null]]);
  });

  test("defining a module again drops its templates, and its protection with them", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { modules: ["m1"] });
    block(session, "ords.define_template('m1', 'x'); ords.define_module('m1', '/other/');");
    expect(rows(session, "SELECT uri_prefix FROM user_ords_modules")).toEqual([["/other/"]]);
    expect(rows(session, "SELECT * FROM user_ords_templates")).toEqual([]);
    expect(protections(session)).toEqual([]);
  });

  test("DELETE_MODULE takes templates, handlers and protection along", () => {
    const session = enabledHr();
    definePrivilege(session, "p", { modules: ["m1"] });
    block(
      session,
      "ords.define_template('m1', 'x'); ords.define_handler('m1', 'x', p_source => 's'); ords.delete_module('m1');",
    );
    for (const view of ["modules", "templates", "handlers", "privilege_modules"]) {
      expect(rows(session, `SELECT * FROM user_ords_${view}`)).toEqual([]);
    }
    expect(refusal(() => block(session, "ords.delete_module('m1');"))).toMatch(/^ORA-20102/);
  });

  test("two modules cannot share a base path", () => {
    const session = enabledHr();
    const error = () => block(session, "ords.define_module('m2', '/m1/');");
    expect(refusal(error)).toBe("ORA-01403: no data found");
    expect(error).toThrow(/ORA-00001: unique constraint \(ORDS_METADATA.ORDS_UNIQUE_PREFIX_UC\)/);
  });

  test.each([
    ["ords.define_module('m2', NULL);", "ORA-01400"],
    ["ords.define_module(NULL, '/m2/');", "ORA-01400"],
    ["ords.define_module('m2', '/m2/', p_status => 'DRAFT');", "ORA-20101"],
    ["ords.define_module('SQL Developer', '/m2/');", "ORA-20103"],
    ["ords.publish_module('nope');", "ORA-20102"],
    ["ords.define_template('nope', 'x');", "ORA-20102"],
    ["ords.define_template('m1', '');", "ORA-01400"],
    ["ords.define_template('m1', 'x', p_etag_type => 'MD5');", "ORA-20101"],
    ["ords.define_handler('m1', 'nope', p_source => 's');", "ORA-20102"],
    ["ords.define_template('m1', 'x'); ords.define_handler('m1', 'x', p_source => NULL);", "ORA-01400"],
    ["ords.define_template('m1', 'x'); ords.define_handler('m1', 'x', 'get', p_source => 's');", "ORA-20101"],
    [
      "ords.define_template('m1', 'x'); ords.define_handler('m1', 'x', p_source_type => 'sql', p_source => 's');",
      "ORA-20101",
    ],
  ])("refuses %s", (call, code) => expect(refusal(() => block(enabledHr(), call))).toMatch(new RegExp(`^${code}`)));
});

describe("JWT profile", () => {
  const all =
    "SELECT issuer, audience, jwk_url, description, allowed_skew, allowed_age, role_claim_name FROM user_ords_jwt_profile";

  test("holds what it was created with; NULL is not zero", () => {
    const session = enabledHr();
    block(session, profile());
    expect(rows(session, all)).toEqual([["https://i/", "a/", "https://d/jwk", null, null, null, null]]);
    block(
      session,
      `ords_security.delete_jwt_profile; ${profile(", p_description => 'd', p_allowed_skew => 60, p_allowed_age => 3600, p_role_claim_name => '/iam_groups'")}`,
    );
    expect(rows(session, all)).toEqual([["https://i/", "a/", "https://d/jwk", "d", 60, 3600, "/iam_groups"]]);
    block(
      session,
      `ords_metadata.ords_security.delete_jwt_profile(); ${profile(", p_allowed_skew => 0, p_allowed_age => -1")}`,
    );
    expect(rows(session, all)).toEqual([["https://i/", "a/", "https://d/jwk", null, 0, -1, null]]);
  });

  test("there is one: a second is refused, and deleting none is no error", () => {
    const session = enabledHr();
    block(session, `ords_security.delete_jwt_profile; ${profile()}`);
    expect(refusal(() => block(session, profile()))).toMatch(/^ORA-00001/);
    expect(rows(session, "SELECT COUNT(*) FROM user_ords_jwt_profile")).toEqual([[1]]);
  });

  test.each([
    ["p_issuer => NULL, p_audience => 'a', p_jwk_url => 'https://d'", "ORA-01400"],
    ["p_issuer => 'i', p_audience => '', p_jwk_url => 'https://d'", "ORA-01400"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => NULL", "ORA-01400"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'http://d'", "ORA-20101"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://'", "ORA-20101"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://d', p_allowed_skew => 60.5", "ORA-20101"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://d', p_allowed_skew => 'x'", "ORA-06502"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://d', p_role_claim_name => 'roles'", "ORA-20101"],
    ["p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://d', p_role_claim_name => '/a~b'", "ORA-20101"],
    ["p_issuer => RPAD, p_audience => 'a', p_jwk_url => 'https://d'", "ORA-06550"],
  ])("refuses %s with %s", (given, code) => {
    const session = enabledHr();
    expect(refusal(() => block(session, `ords_security.create_jwt_profile(${given});`))).toMatch(
      new RegExp(`^${code}`),
    );
    expect(rows(session, all)).toEqual([]);
  });

  test("UPDATE_JWT_PROFILE does not exist", () => {
    expect(() => block(enabledHr(), "ords_security.update_jwt_profile('x');")).toThrow(/PLS-00302/);
  });
});

describe("*_ADMIN packages", () => {
  test("work on the schema that P_SCHEMA names", () => {
    const shared = database();
    const admin = shared.openSession("ADMIN");
    block(
      admin,
      "ords_admin.enable_schema(p_schema => 'HR'); ords_admin.create_role('HR', 'r'); ords_admin.define_module(p_schema => 'HR', p_module_name => 'm', p_base_path => '/m/');",
    );
    block(
      admin,
      `${profile().replace("ords_security.create_jwt_profile(", "ords_security_admin.create_jwt_profile(p_schema => 'HR', ")} COMMIT;`,
    );
    const own = shared.openSession("HR");
    expect(rows(own, "SELECT name, created_by FROM user_ords_roles WHERE name NOT LIKE 'oracle.%'")).toEqual([
      ["r", "ADMIN"],
    ]);
    expect(rows(own, "SELECT issuer FROM user_ords_jwt_profile")).toEqual([["https://i/"]]);
    block(admin, "ords_security_admin.delete_jwt_profile('HR');");
    expect(rows(admin, "SELECT * FROM dba_ords_jwt_profile")).toEqual([]);
  });

  test("refuse a schema that is unknown, not enabled, in another case or left out", () => {
    const shared = database();
    prepare(shared.openSession("HR"));
    const admin = shared.openSession("ADMIN");
    for (const name of ["SH", "hr", "NOPE"]) {
      expect(refusal(() => block(admin, `ords_admin.create_role('${name}', 'r');`))).toBe(
        `ORA-20012: Schema not REST enabled : ${name}`,
      );
    }
    expect(refusal(() => block(admin, "ords_admin.enable_schema(p_schema => 'NOPE');"))).toMatch(/^ORA-01435/);
    expect(() => block(admin, "ords_admin.create_role(p_role_name => 'r');")).toThrow(/PLS-00306/);
  });

  test("do not exist for a user without the role", () => {
    const session = enabledHr();
    for (const call of [
      "ords_admin.create_role('HR', 'r')",
      "ords_security_admin.delete_jwt_profile('HR')",
      "ords_metadata.ords_admin.create_role('HR', 'r')",
    ]) {
      expect(() => block(session, `${call};`)).toThrow(/PLS-00201: identifier '(ORDS_METADATA\.)?ORDS_/);
    }
  });

  test("the administrator's own schema still decides for the plain packages", () => {
    const shared = database();
    prepare(shared.openSession("HR"));
    const admin = shared.openSession("ADMIN");
    admin.execute("ALTER SESSION SET CURRENT_SCHEMA = HR", []);
    expect(refusal(() => block(admin, "ords.create_role('r');"))).toBe("ORA-20012: Schema not REST enabled : ADMIN");
  });
});
