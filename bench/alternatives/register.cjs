// What registering costs at the least: one login, one block, as somebody writes it by hand. Standard input: `terraform output -json`.
const { readFileSync } = require("node:fs");
const oracledb = require("oracledb");

async function main() {
  const { profile, privileges } = JSON.parse(readFileSync(0, "utf8")).ords.value;
  const connection = await oracledb.getConnection({
    user: "HELLO",
    password: process.env.ORDS_JWT_LOCAL_PASSWORD,
    connectString: "ords_jwt_local",
  });
  await connection.execute(
    `DECLARE
      l_roles owa.vc_arr;
      l_patterns owa.vc_arr;
      l_modules owa.vc_arr;
    BEGIN
      ORDS.ENABLE_SCHEMA;
      ORDS.DEFINE_MODULE(p_module_name => 'hello', p_base_path => '/hello/');
      ORDS.DEFINE_TEMPLATE(p_module_name => 'hello', p_pattern => 'me');
      ORDS.DEFINE_HANDLER(p_module_name => 'hello', p_pattern => 'me', p_method => 'GET', p_source_type => 'json/item',
        p_source => 'SELECT ''Hello '' || :current_user AS greeting FROM dual');
      ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => :issuer, p_audience => :audience, p_jwk_url => :jwk_url);
      l_modules(1) := 'hello';
      ORDS.DEFINE_PRIVILEGE(p_privilege_name => :name, p_roles => l_roles, p_patterns => l_patterns, p_modules => l_modules);
      COMMIT;
    END;`,
    { issuer: profile.issuer, audience: profile.audience, jwk_url: profile.jwkUrl, name: privileges[0].name },
  );
  await connection.close();
}

main();
