/** What a wire format takes as the name of a tool or the id of a call. */
export interface WordRule {
  /** Matches every character that is not legal; with the flag `g`. */
  readonly illegal: RegExp;
  /** Matches a legal first character, where the first is held to more than the others. */
  readonly first?: RegExp;
  /** Longest legal word, in characters. */
  readonly max: number;
}

/** What a wire format can say of tools; requests are brought into this form before they are encoded. */
export interface ToolRules {
  readonly names: WordRule;
  readonly ids: WordRule;
  /** Tools that take free text instead of JSON have a form of their own. */
  readonly customTools: boolean;
  /** A choice may be limited to some of the tools. */
  readonly allowedTools: boolean;
}
