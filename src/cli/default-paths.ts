/** Where things are unless told otherwise. Imports nothing heavy: `--help` shows these. */
import { join } from 'node:path';

/** In the folder in which one works, so that results stay with the question. */
export const DEFAULT_DB = join('results', 'breakwater.db');
