/** What a part is created with where a scenario says nothing. */
import type { ParamSchema, ParamsOf } from '../../src/base/params.ts';

/** The defaults of a declaration; undefined for what has none. */
export function defaultsOf<S extends ParamSchema>(params: S): ParamsOf<S> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, 'default' in param ? param.default : undefined]),
  ) as ParamsOf<S>;
}
