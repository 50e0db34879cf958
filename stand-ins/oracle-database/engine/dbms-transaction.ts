import type { Package } from "./packages";

export const dbmsTransaction: Package = {
  owner: "SYS",
  name: "DBMS_TRANSACTION",
  subprograms: [
    {
      name: "LOCAL_TRANSACTION_ID",
      parameters: [{ name: "CREATE_TRANSACTION", type: "BOOLEAN", default: false }],
      returns: { type: "VARCHAR2", size: 64 },
      run: (given, { transaction }) => transaction.id(given.flag("CREATE_TRANSACTION") === true) ?? null,
    },
  ],
};
