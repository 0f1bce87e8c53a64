"""One subject under one profile: verdict, range of points, explanation, gaps."""
