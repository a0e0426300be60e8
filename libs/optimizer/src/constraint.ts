/** Expressions over parameters: the tree, its parser and its evaluation. Grammar: user guide, "Constraints". */

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `key` is a `Parameter.key`. */
  | { readonly kind: 'parameter'; readonly key: string }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly function: 'min' | 'max' | 'abs' | 'log'; readonly arguments: readonly Expression[] };

export type BinaryOperator = 'or' | 'and' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '+' | '-' | '*' | '/' | '%' | '**';
