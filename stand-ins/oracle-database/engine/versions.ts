/** An installed ORDS version, `YY.Q.P.rNNNNNNN`. */
export class OrdsVersion {
  constructor(readonly text: string) {
    if (!/^\d+\.\d+\.\d+\.r\d+$/.test(text)) {
      throw new Error(`ords version "${text}" is not of the form YY.Q.P.rNNNNNNN: give for example "26.3.0.r2580942"`);
    }
  }

  /** @param release for example "24.3" */
  atLeast(release: string): boolean {
    const [year = 0, quarter = 0] = this.text.split(".").map(Number);
    const [wantedYear = 0, wantedQuarter = 0] = release.split(".").map(Number);
    return year !== wantedYear ? year > wantedYear : quarter >= wantedQuarter;
  }
}
