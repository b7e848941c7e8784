// Newlines that end statements, and block comments, which nest. Keeps no state.

#include "tree_sitter/parser.h"

enum Token { NEWLINE, BLOCK_COMMENT };

void *tree_sitter_ruff_external_scanner_create(void) { return NULL; }
void tree_sitter_ruff_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_ruff_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_ruff_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

// Behind `/*`: goes behind the `*/` that closes it.
static bool block_comment(TSLexer *lexer, bool *newline) {
  unsigned depth = 1;
  while (depth > 0) {
    if (lexer->eof(lexer)) return false;
    int32_t first = lexer->lookahead;
    lexer->advance(lexer, false);
    if (first == '\n') *newline = true;
    if (first == '*' && lexer->lookahead == '/') {
      depth--;
      lexer->advance(lexer, false);
    } else if (first == '/' && lexer->lookahead == '*') {
      depth++;
      lexer->advance(lexer, false);
    }
  }
  return true;
}

static void rest_of_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') lexer->advance(lexer, false);
}

static bool is_word(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

// Whether the line begins with something that goes on with the statement before it.
static bool goes_on(TSLexer *lexer) {
  char word[9] = {0};
  switch (lexer->lookahead) {
    case '.':
      lexer->advance(lexer, false);
      return lexer->lookahead != '.';
    case '?':
      lexer->advance(lexer, false);
      return lexer->lookahead == '.';
    case '|':
      lexer->advance(lexer, false);
      return lexer->lookahead == '>';
    case 'e':
    case 'f':
      for (unsigned n = 0; n < 8 && is_word(lexer->lookahead); n++) {
        word[n] = (char)lexer->lookahead;
        lexer->advance(lexer, false);
      }
      if (is_word(lexer->lookahead)) return false;
      for (unsigned n = 0; n < 3; n++) {
        static const char *const WORDS[] = {"else", "except", "finally"};
        unsigned at = 0;
        while (word[at] != 0 && word[at] == WORDS[n][at]) at++;
        if (word[at] == WORDS[n][at]) return true;
      }
      return false;
    default:
      return false;
  }
}

bool tree_sitter_ruff_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  bool newline = false;
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r') lexer->advance(lexer, true);
  if (!valid[NEWLINE]) {
    while (lexer->lookahead == '\n' || lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r') {
      lexer->advance(lexer, true);
    }
  }
  lexer->mark_end(lexer);
  if (lexer->lookahead == '/') {
    lexer->advance(lexer, false);
    if (lexer->lookahead == '*' && valid[BLOCK_COMMENT]) {
      lexer->advance(lexer, false);
      if (!block_comment(lexer, &newline)) return false;
      lexer->mark_end(lexer);
      lexer->result_symbol = BLOCK_COMMENT;
      return true;
    }
    if (lexer->lookahead != '/') return false;
    rest_of_line(lexer);
  }
  if (!valid[NEWLINE]) return false;
  for (;;) {
    switch (lexer->lookahead) {
      case '\n':
        newline = true;
        lexer->advance(lexer, false);
        continue;
      case ' ':
      case '\t':
      case '\r':
        lexer->advance(lexer, false);
        continue;
      case '#':
        rest_of_line(lexer);
        continue;
      case '/':
        lexer->advance(lexer, false);
        if (lexer->lookahead == '/') {
          rest_of_line(lexer);
          continue;
        }
        if (lexer->lookahead == '*') {
          lexer->advance(lexer, false);
          if (!block_comment(lexer, &newline)) return false;
          continue;
        }
        break;
      default:
        if (!newline || lexer->eof(lexer) || goes_on(lexer)) return false;
        break;
    }
    break;
  }
  lexer->result_symbol = NEWLINE;
  return newline;
}
