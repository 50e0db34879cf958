/** Keys for an environment file, made of names that others gave: letters, digits and _, each once. */
export class Keys {
  readonly #taken = new Set<string>();

  /** @param otherwise for a name of which nothing is left */
  of(name: string, otherwise: string): string {
    const plain = name.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "_");
    const [, word = ""] = /^[_0-9]*(.*?)_*$/.exec(plain.toLowerCase().slice(0, 30)) ?? [];
    const base = word || otherwise;
    for (let number = 1; ; number++) {
      const key = number === 1 ? base : `${base}_${number}`;
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return key;
    }
  }
}
