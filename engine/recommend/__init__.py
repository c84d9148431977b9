"""From ratings to lists: fitted tastes, candidates, reranking, groups, questions, neighbours."""
