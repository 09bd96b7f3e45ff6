// The exports of the second module: what only layers compute.
export * from "./conv";
export * from "./conv-weight";
export * from "./pool";
export * from "./normalise";
