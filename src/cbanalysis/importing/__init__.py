"""A stranger's file in, checked observations out: tables, articles, reviews, and the commit to data/."""
