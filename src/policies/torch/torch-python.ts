/** Where the pieces of the trusted Python are on this machine. */
export interface TorchPython {
  /** Interpreter: CPython 3.11, or the one that the user named. */
  readonly executable: string
  /** Folder with torch, transformers and peft. */
  readonly site: string
  /** The package's folder py_engine/. */
  readonly enginePackage: string
  /** pythonia's Python files. */
  readonly pythonia: string
}
