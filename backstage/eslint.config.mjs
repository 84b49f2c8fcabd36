import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/', '**/src/generated/'] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      '@typescript-eslint/consistent-indexed-object-style': 'off', // JSON objects read better as index signatures
      '@typescript-eslint/consistent-type-definitions': 'off', // actions' outputs must be types, not interfaces
      complexity: ['error', 8],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
);
