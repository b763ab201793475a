"""Text as people write it, made comparable: folding, languages, words (文本归一、语种、分词)."""
